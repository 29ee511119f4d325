package sandbox

import (
	"slices"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// TestGlobalsMatchLiveState compares the published list with what a state and plain gopher-lua have.
func TestGlobalsMatchLiveState(t *testing.T) {
	t.Parallel()
	s := New(patient())
	defer s.Close()
	live := names(s.l.G.Global)
	var present []string
	listed := map[string]bool{}
	for _, g := range Globals() {
		if listed[g.Name] {
			t.Errorf("%s is listed twice", g.Name)
		}
		listed[g.Name] = true
		switch g.Status {
		case StatusKept:
			present = append(present, g.Name)
		case StatusReplaced:
			present = append(present, g.Name)
			if g.Why == "" {
				t.Errorf("%s is replaced without a reason", g.Name)
			}
		case StatusRemoved:
			if g.Why == "" {
				t.Errorf("%s is removed without a reason", g.Name)
			}
			if slices.Contains(live, g.Name) {
				t.Errorf("%s is listed as removed and is there", g.Name)
			}
		default:
			t.Errorf("%s has status %q", g.Name, g.Status)
		}
	}
	slices.Sort(live)
	slices.Sort(present)
	if !slices.Equal(live, present) {
		t.Errorf("the state has\n%v\nthe list has\n%v", live, present)
	}

	upstream := lua.NewState()
	defer upstream.Close()
	for _, name := range names(upstream.G.Global) {
		module, _, _ := strings.Cut(name, ".")
		if !listed[name] && !listed[module] {
			t.Errorf("gopher-lua has %s, which the list does not mention", name)
		}
	}
}

// names lists the globals and, dotted, the members of library tables.
func names(globals *lua.LTable) []string {
	var list []string
	globals.ForEach(func(key, value lua.LValue) {
		module, ok := value.(*lua.LTable)
		if !ok || module == globals {
			list = append(list, key.String())
			return
		}
		module.ForEach(func(member, _ lua.LValue) {
			list = append(list, key.String()+"."+member.String())
		})
	})
	return list
}

// TestLibraryOrderIsFixed iterates library tables in many states.
func TestLibraryOrderIsFixed(t *testing.T) {
	t.Parallel()
	const source = `local s = "" for _, lib in ipairs { string, table, math } do for k, v in pairs(lib) do s = s .. k .. tostring(v) end end return s`
	sameInManyStates(t, source)
}

func TestRunsAreDeterministic(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		`local t, s = {}, "" for i = 1, 50 do t["k" .. i % 13] = i t[i * 7] = i end t[true] = 1 for k, v in pairs(t) do s = s .. tostring(k) .. "=" .. v .. ";" end return s`,
		`return tostring({}) .. tostring(function() end) .. tostring(print) .. tostring(pcall)`,
		`local t = {} for i = 1, 40 do t[i] = { k = i % 3, i = i } end table.sort(t, function(a, b) return a.k < b.k end) local s = "" for _, v in ipairs(t) do s = s .. v.i .. "," end return s`,
		`local s = "" for _, f in ipairs { math.sin, math.exp, math.sqrt, math.log } do s = s .. f(0.7) .. " " end return s`,
		`local s = ("the quick brown fox"):gsub("%w+", function(w) return w:reverse() .. #w end) return s`,
	} {
		sameInManyStates(t, source)
	}
}

func sameInManyStates(t *testing.T, source string) {
	t.Helper()
	chunk := mustCompile(t, "order", source)
	first, firstCount := "", int64(0)
	for i := range 100 {
		s := New(patient())
		values, err := s.Call(s.Load(chunk))
		if err != nil {
			t.Fatal(err)
		}
		got, count := show(s, values), s.Instructions()
		s.Close()
		if i == 0 {
			first, firstCount = got, count
		}
		if got != first || count != firstCount {
			t.Fatalf("run %d: %q after %d instructions\nfirst: %q after %d", i, got, count, first, firstCount)
		}
	}
}
