//go:build instruments && linux

package session

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// heavy says that tests may take as much time and memory as they need.
func heavy() bool { return true }

const peakVariable = "SONDE_TEST_PEAK"

// TestPeakMemory runs everything that is large in a process of its own, servers
// included, with the limits as they are by default, and looks at the most memory
// that process ever had:
//
//	go test -tags instruments -count 1 -run TestPeakMemory -v ./session
func TestPeakMemory(t *testing.T) { // L1-L5, L9, L10
	const most = 300 << 10 // KiB
	if os.Getenv(peakVariable) != "" {
		runLarge(t)
		return
	}
	names := []string{"GreedyDecoders", "ManyCodings", "Floods", "TrailerLimit", "LargeHeads", "AnswerStore", "OneLongLine", "LargeSave", "SpilledBodies", "SpillsAreCut"}
	for _, b := range bombs() {
		names = append(names, "Bombs/"+b.name)
	}
	for _, name := range names {
		pattern := "^TestPeakMemory$"
		if _, part, ok := strings.Cut(name, "/"); ok {
			pattern += "/^large$/^" + part + "$"
		}
		cmd := exec.Command(os.Args[0], "-test.run="+pattern, "-test.v")
		cmd.Env = append(os.Environ(), peakVariable+"="+name)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		_, rest, _ := bytes.Cut(out, []byte("VmHWM:"))
		peak := 0
		fmt.Sscanf(string(rest), "%d kB", &peak)
		t.Logf("%-22s %4d MiB", name, peak>>10)
		if peak == 0 || peak > most {
			t.Errorf("%s: a peak of %d KiB, want at most %d", name, peak, most)
		}
	}
}

// runLarge runs the test whose name the environment has and tells its peak.
func runLarge(t *testing.T) {
	tests := map[string]func(*testing.T){
		"Bombs": TestBombs, "GreedyDecoders": TestGreedyDecoders, "ManyCodings": TestManyCodings, "Floods": TestFloods,
		"TrailerLimit": TestTrailerLimit, "LargeHeads": TestLargeHeads, "AnswerStore": TestAnswerStore, "OneLongLine": TestOneLongLine,
		"LargeSave": TestLargeSave, "SpilledBodies": TestSpilledBodies, "SpillsAreCut": TestSpillsAreCut,
	}
	name, _, _ := strings.Cut(os.Getenv(peakVariable), "/")
	t.Run("large", tests[name])
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmHWM:") {
			t.Log(line)
		}
	}
}
