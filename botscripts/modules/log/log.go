package log

import (
	"bytes"
	_ "embed"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

//go:embed log.yaml
var page string

// Module is require "log".
func Module() kernel.Module {
	return kernel.Module{Name: "log", Pages: []string{page}, Exports: []kernel.Export{
		{Do: write, Traits: engine.TraitJournaled},
	}}
}

// write is log(text, …): a line in the brand's log, never shown to consumers.
func write(a kernel.Args) int {
	var line bytes.Buffer
	for i := 1; i <= a.L.GetTop() && line.Len() <= kernel.MaxText; i++ {
		if i > 1 {
			line.WriteByte(' ')
		}
		switch v := a.L.Get(i).(type) {
		case *lua.LTable:
			line.WriteString(a.ToJSON("a table", v))
		case lua.LString:
			line.WriteString(strings.ToValidUTF8(string(v[:min(len(v), kernel.MaxText+1)]), "\uFFFD"))
		case lua.LNumber:
			line.WriteString(kernel.Number(float64(v)))
		case *lua.LNilType, lua.LBool:
			line.WriteString(v.String())
		default:
			line.WriteString(v.Type().String())
		}
	}
	text := line.String()
	if len(text) > kernel.MaxText {
		const sign = "…"
		text = kernel.Cut(text, kernel.MaxText-len(sign)) + sign
	}
	a.Run.Immediate(a.L, "log", kernel.Fields{"text": text}, a.Run.Making(engine.Effect{Log: &text}))
	return 0
}
