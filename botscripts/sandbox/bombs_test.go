package sandbox

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestCompileBombs compiles sources made to be slow or deep. Nothing interrupts a compilation, so each must end by itself, soon.
func TestCompileBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for seconds")
	}
	fill := func(prefix, piece, suffix string) string {
		return prefix + strings.Repeat(piece, (MaxSourceBytes-len(prefix)-len(suffix))/len(piece)) + suffix
	}
	numbered := func(format string) string {
		var b strings.Builder
		for i := 0; b.Len() < MaxSourceBytes-200; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, source := range map[string]string{
		"sum":          fill("return a", "+a", ""),
		"power":        fill("return a", "^a", ""),
		"concat":       fill("return a", "..a", ""),
		"and":          fill("return a", " and a", ""),
		"constant and": fill("return 1", " and 1", ""),
		"not":          fill("return ", "not ", "a"),
		"minus":        fill("return ", "- ", "a"),
		"parentheses":  fill("return ", "(", ""),
		"tables":       fill("return ", "{", ""),
		"calls":        fill("return f", "()", ""),
		"indices":      fill("return f", "[1]", ""),
		"methods":      fill("return f", ":g()", ""),
		"functions":    fill("return ", "function() return ", ""),
		"do":           fill("", "do ", ""),
		"if":           fill("", "if a then ", ""),
		"elseif":       fill("if a then ", "elseif a then ", "end"),
		"while":        fill("", "while a do ", ""),
		"empty blocks": fill("", "do end ", ""),
		"list":         fill("return {", "1,", "}"),
		"long call":    fill("f(", "1,", "1)"),
		"assignment":   fill("a", ",a", "=1"),
		"values":       fill("a=1", ",1", ""),
		"locals":       fill("", "local a ", ""),
		"long string":  fill(`return "`, "x", `"`),
		"escapes":      fill(`return "`, `\1`, `"`),
		"comment":      fill("--[[", "x", "]]"),
		"long name":    fill("", "x", "=1"),
		"labels":       numbered("::l%d:: "),
		"gotos":        "do " + numbered("goto l%d ::l%[1]d:: ") + " end",
		"goto one":     "::l:: " + fill("", "if a then goto l end ", ""),
		"numbers":      "return {" + numbered("%d.5,") + "}",
		"strings":      "return {" + numbered("'%d',") + "}",
		"fields":       "return {" + numbered("f%d=1,") + "}",
		"globals":      numbered("g%d=1 "),
		"closures":     numbered("f%d=function() end "),
		"stores":       numbered("a.b[i]=%d "),
		"loops":        numbered("for i=1,%d do break end "),
		"break":        fill("while a do ", "if b then break end ", "end"),
		"nul":          fill("return ", "\x00", ""),
		"brackets":     fill("return ", "[", ""),
		"equals":       fill("return [", "=", ""),
	} {
		started := time.Now()
		_, err := Compile("bomb", source)
		var ce *CompileError
		if err != nil && !errors.As(err, &ce) {
			t.Errorf("%s: %T", name, err)
		}
		took := time.Since(started)
		t.Logf("%-14s %6d ms  %v", name, took.Milliseconds(), err)
		if took > slowness*5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}
