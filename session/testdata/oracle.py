"""Runs cases of the differential test with Python's requests.

Reads a JSON list of cases on standard input and writes for each of them what
came of its requests, in the same order, as JSON on standard output. What went
over the wire is the server's to record.
"""
import base64
import json
import sys

import requests


def listed(pairs):
    """Pairs as a dict; a name given several times has a list of values."""
    out = {}
    for name, value in pairs or []:
        if name in out:
            before = out[name] if isinstance(out[name], list) else [out[name]]
            out[name] = before + [value]
        else:
            out[name] = value
    return out


def body_of(request):
    """The keyword arguments that give a request its body."""
    kind = request.get("body", "")
    if kind == "form":
        return {"data": [tuple(pair) for pair in request["fields"]]}
    if kind == "json":
        return {"json": dict(request["fields"])}
    raw = base64.b64decode(request.get("raw") or "")
    if kind == "raw":
        return {"data": raw}
    if kind == "stream":
        return {"data": iter([raw[:3], raw[3:]])}
    return {}


def ask(session, request):
    try:
        answer = session.request(
            request["method"],
            request["url"],
            headers=dict(request.get("headers") or []),
            params=listed(request.get("params")),
            cookies=dict(request.get("cookies") or []),
            allow_redirects=True,
            timeout=10,
            **body_of(request),
        )
    except Exception as e:  # the name of the failure is the outcome
        return {"error": type(e).__name__}
    return {
        "status": answer.status_code,
        "hops": len(answer.history),
        "body": base64.b64encode(answer.content).decode(),
    }


def run(case):
    session = requests.Session()
    session.trust_env = False
    session.headers.update(dict(case.get("headers") or []))
    session.params = listed(case.get("params"))
    if case.get("user"):
        session.auth = (case["user"], case["password"])
    for name, value in case.get("cookies") or []:
        session.cookies.set(name, value)
    return [ask(session, r) for r in case["requests"]]


json.dump([run(c) for c in json.load(sys.stdin)], sys.stdout)
