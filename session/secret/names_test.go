package secret

import "testing"

func TestName(t *testing.T) {
	for name, want := range map[string]bool{
		"Authorization": true, "authorization": true, "PROXY-AUTHORIZATION": true,
		"Cookie": true, "Set-Cookie": true, "set-cookie": true,
		"X-Api-Key": true, "X-Auth-Token": true, "X-Vault-Token": true, "Client-Secret": true,
		"X-Session": true, "Idempotency-Key": true, "X-Monkey": true, "Author": true,
		"WWW-Authenticate": false, "proxy-authenticate": false,
		"Keep-Alive": false, "Accept": false, "Content-Type": false, "X-Trace": false, "ETag": false, "": false,
		"Access-Control-Allow-Credentials": false,
	} {
		if got := Name(name); got != want {
			t.Errorf("Name(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestField(t *testing.T) {
	for name, want := range map[string]bool{
		"password": true, "Password": true, "passwd": true, "pwd": true, "passphrase": true, "new_password": true,
		"password_confirmation": true, "user[password]": true, "db.password": true, "password[0]": true,
		"secret": true, "client_secret": true, "clientSecret": true, "CLIENT-SECRET": true,
		"token": true, "access_token": true, "refresh_token": true, "id_token": true, "accessToken": true,
		"X-Amz-Security-Token": true, "csrfmiddlewaretoken": true, "csrf": true, "_csrf": true, "xsrf-token": true,
		"api_key": true, "apikey": true, "X-Api-Key": true, "private_key": true, "key": true, "keys[key]": true, "key[0]": true,
		"sig": true, "signature": true, "auth": true, "session": true, "sessionid": true, "PHPSESSID": true, "sid": true,
		"otp": true, "pin": true, "credential": true, "aws_secret_access_key": true, "jwt": true,
		"code": false, "token_type": false, "max_tokens": false, "next_page_token": false, "nextToken": false,
		"keyword": false, "session[user]": false, "design": false, "author": false, "pinned": false,
		"name": false, "user": false, "": false, "[]": false, "[0]": false,
	} {
		if got := Field(name); got != want {
			t.Errorf("Field(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestParam(t *testing.T) {
	for name, want := range map[string]bool{"code": true, "Code": true, "token": true, "codec": false, "state": false} {
		if got := Param(name); got != want {
			t.Errorf("Param(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestReference(t *testing.T) {
	for text, want := range map[string]bool{
		"env:TOKEN": true, "env:_T1": true, "file:~/token": true, "run:pass show x": true, "keyring:api": true,
		"env:": false, "env:1T": false, "env:A B": false, "environment:A": false, "ENV:A": false, "x": false, "": false,
	} {
		if got := Reference(text); got != want {
			t.Errorf("Reference(%q) = %v, want %v", text, got, want)
		}
	}
}
