package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// traceSource has at the end of each line that is executable "--+" when it runs and "---" when it does not.
const traceSource = `local order = {                          --+
  id = 7,
  items = { "a", "b" },
}                                        
local unused                             --+
local function price(item)               --+
  if item == "a" then                    --+
    return 1                             --+
  elseif item == "b" then                --+
    return 2                             --+
  elseif item == "c" then                ---
    return 3                             ---
  else
    return 4                             ---
  end
end

-- a comment
local never = function()                 --+
  order.id = 8                           ---
end

local total = 0                          --+
for _, item in ipairs(order.items) do    --+
  total = total + price(item)            --+
  goto continue                          --+
  total = -1                             ---
  ::continue::
end
for i = 1, 3 do                          --+
  if i == 2 then                         --+
    break                                --+
  end
end
repeat
  total = total + 1                      --+
until total > 10                         --+
while false do                           --+
  never()                                ---
end
do
  local ok = pcall(function()            --+
    error("x")                           --+
    order = nil                          ---
  end)
  if not ok and                          --+
    total > 0 then
    total = total + 1                    --+
  end
end
function order.describe(text)            --+
  return text                            --+
    :upper()
    .. "!"
end
local t = {}                             --+
t[order.describe("k")] = 1               --+
table.sort({ 2, 1 }, function(a, b)      --+
  return a < b                           --+
end)
if total > 99 then return "many" end     --+
return total,                            --+
  order.id
`

// TestTraceAndLines compares the lines that ran and those that could with the marks in the source.
func TestTraceAndLines(t *testing.T) {
	t.Parallel()
	var executable, executed []int
	number := 0
	for line := range strings.Lines(traceSource) {
		number++
		line = strings.TrimRight(line, " \n")
		switch {
		case strings.HasSuffix(line, "--+"):
			executed = append(executed, number)
			executable = append(executable, number)
		case strings.HasSuffix(line, "---"):
			executable = append(executable, number)
		}
	}
	chunk := mustCompile(t, "bots/acme.lua", traceSource)
	if diff := cmp.Diff(executable, chunk.Lines()); diff != "" {
		t.Errorf("Lines: %s", diff)
	}
	s := New(patient())
	defer s.Close()
	seen := map[int]bool{}
	s.Trace(func(file string, line int) {
		if file != "bots/acme.lua" {
			t.Errorf("line %d of %q", line, file)
		}
		seen[line] = true
	})
	if _, err := s.Call(s.Load(chunk)); err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, line := range chunk.Lines() {
		if seen[line] {
			got = append(got, line)
		}
	}
	if diff := cmp.Diff(executed, got); diff != "" {
		t.Errorf("ran: %s", diff)
	}
}

// TestTraceOrderAndFiles sees lines in the order in which they run, over files, and nothing once it was ended.
func TestTraceOrderAndFiles(t *testing.T) {
	t.Parallel()
	s := New(patient())
	defer s.Close()
	var visits []string
	s.Trace(func(file string, line int) { visits = append(visits, fmt.Sprintf("%s:%d", file, line)) })
	lib := s.Load(mustCompile(t, "lib/x.lua", "local n = ...\nreturn n + 1"))
	bot := s.Load(mustCompile(t, "bots/b.lua", "local f = ...\nlocal v = f(1)\nreturn v"))
	plain, err := s.Call(bot, lib)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"bots/b.lua:1", "bots/b.lua:2", "lib/x.lua:1", "lib/x.lua:2", "bots/b.lua:3"}
	if !slices.Equal(visits, want) {
		t.Errorf("visits %v, want %v", visits, want)
	}
	traced := s.Instructions()
	s.Trace(nil)
	again, err := s.Call(bot, lib)
	if err != nil {
		t.Fatal(err)
	}
	if len(visits) != len(want) || show(s, plain) != show(s, again) || s.Instructions() != 2*traced {
		t.Errorf("untraced: %d visits, %v after %v, %d instructions after %d", len(visits), again, plain, s.Instructions(), traced)
	}
}

// TestTraceKeepsBudgets has a traced script stopped like any other.
func TestTraceKeepsBudgets(t *testing.T) {
	t.Parallel()
	limits := patient()
	limits.Instructions = 1000
	s := New(limits)
	defer s.Close()
	s.Trace(func(string, int) {})
	_, err := s.Call(s.Load(mustCompile(t, "x", "while true do pcall(function() while true do end end) end")))
	if err == nil || !strings.Contains(err.Error(), "instructions budget") || s.Instructions() > 1001 {
		t.Errorf("%v after %d instructions", err, s.Instructions())
	}
}
