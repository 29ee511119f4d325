package json

import (
	_ "embed"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
)

//go:embed json.yaml
var page string

// Module is require "json".
func Module() kernel.Module {
	return kernel.Module{Name: "json", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "decode", Do: decode},
		{Name: "encode", Do: encode},
	}}
}

// encode is json.encode(value). It is pure, so it is not journaled.
func encode(a kernel.Args) int {
	return a.PushText(a.ToJSON("value", a.At(1)))
}

// decode is json.decode(text): the value, or nil and why it is not JSON.
func decode(a kernel.Args) int {
	r := a.Run
	text := a.Text(a.At(1), "text", 1<<20)
	r.VM.Work(int64(len(text) / 16))
	v, err := r.ToLua([]byte(text))
	if err != nil {
		return a.Return(lua.LNil, lua.LString(kernel.WhyNotJSON(text, err)))
	}
	return a.Return(v)
}
