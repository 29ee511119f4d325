package blackbox_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// block is one fenced part of a page.
type block struct {
	language, path, text string
	line                 int
}

func blocksOf(page string) (out []block) {
	var open *block
	for i, line := range strings.Split(page, "\n") {
		info, fence := strings.CutPrefix(line, "```")
		switch {
		case !fence && open != nil:
			open.text += line + "\n"
		case fence && open == nil:
			language, path, _ := strings.Cut(info, " ")
			open = &block{language: language, path: path, line: i + 1}
		case fence:
			out = append(out, *open)
			open = nil
		}
	}
	return out
}

// The tutorial works as it stands: its files are written, its commands are run
// by a shell with the built program, and what is typed and seen is typed and seen.
func TestTutorial(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs each command of the tutorial")
	}
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "tutorial.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	blocks := blocksOf(string(raw))
	commands, talks := 0, 0
	for i, b := range blocks {
		switch {
		case b.path != "":
			file := filepath.Join(dir, filepath.FromSlash(b.path))
			if err := os.WriteFile(file, []byte(b.text), 0o600); err != nil {
				t.Fatal(err)
			}
		case b.language == "sh":
			commands++
			typed, seen := "", []string(nil)
			if i+1 < len(blocks) && blocks[i+1].language == "text" {
				talks++
				typed, seen = transcript(blocks[i+1].text)
			}
			var out string
			dir, out = shell(t, dir, b, typed)
			inOrder(t, b, out, seen)
		}
	}
	if commands < 6 || talks < 3 {
		t.Errorf("only %d blocks of commands and %d conversations were found", commands, talks)
	}
}

// transcript separates what is typed from what is seen.
func transcript(text string) (typed string, seen []string) {
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		if said, ok := strings.CutPrefix(line, "> "); ok {
			typed += said + "\n"
		} else {
			seen = append(seen, line)
		}
	}
	return typed, seen
}

// shell runs a block in dir and gives its output and the folder it ended in.
func shell(t *testing.T, dir string, b block, typed string) (end, out string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	where := filepath.Join(t.TempDir(), "pwd")
	cmd := exec.CommandContext(ctx, "sh", "-ec", b.text+"\npwd > \"$WHERE\"\n")
	cmd.Dir = dir
	cmd.Env = []string{"WHERE=" + where, "HOME=" + dir, "PATH=" + filepath.Dir(os.Getenv(binaryName)) + string(os.PathListSeparator) + os.Getenv("PATH")}
	cmd.Stdin = strings.NewReader(typed)
	var all bytes.Buffer
	cmd.Stdout, cmd.Stderr = &all, &all
	if err := cmd.Run(); err != nil {
		t.Fatalf("line %d: %s%v\n%s", b.line, b.text, err, all.String())
	}
	raw, err := os.ReadFile(where)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(raw)), all.String()
}

// inOrder holds that the lines occur one after the other; … stands for anything.
func inOrder(t *testing.T, b block, out string, lines []string) {
	t.Helper()
	rest := out
	for _, line := range lines {
		pattern := strings.ReplaceAll(regexp.QuoteMeta(line), "…", "[^\n]*")
		at := regexp.MustCompile(`(?m)^` + pattern + `$`).FindStringIndex(rest)
		if at == nil {
			t.Fatalf("line %d: %q is missing in what is left of the conversation:\n%s\nall of it:\n%s", b.line, line, rest, out)
		}
		rest = rest[at[1]:]
	}
}
