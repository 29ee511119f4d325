package botscripts

import (
	"bytes"
	"encoding/json"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// jsonEncode is json.encode(value). It is pure, so it is not journaled.
func (r *run) jsonEncode(a args) int {
	text := r.toJSON(a, "value", a.at(1))
	r.vm.Charge(int64(len(text)))
	a.L.Push(lua.LString(text))
	return 1
}

// jsonDecode is json.decode(text): the value, or nil and why it is not JSON.
func (r *run) jsonDecode(a args) int {
	text := a.text(a.at(1), "text", 1<<20)
	r.vm.Work(int64(len(text) / 16))
	v, err := r.toLua([]byte(text))
	if err != nil {
		a.L.Push(lua.LNil)
		a.L.Push(lua.LString(err.Error()))
		return 2
	}
	a.L.Push(v)
	return 1
}

// toJSON encodes a Lua value with sorted keys.
func (r *run) toJSON(a args, param string, v lua.LValue) string {
	if data := r.behind(v); data != nil {
		v = data
	}
	value, err := r.vm.ToGo(v)
	if err != nil {
		a.fail("%s: %s", param, err.Error())
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		a.fail("%s: %s", param, err.Error())
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// log is log(text, …): a line in the brand's log, never shown to consumers.
func (r *run) log(a args) int {
	var line bytes.Buffer
	for i := 1; i <= a.L.GetTop() && line.Len() <= maxText; i++ {
		if i > 1 {
			line.WriteByte(' ')
		}
		switch v := a.L.Get(i).(type) {
		case *lua.LTable:
			line.WriteString(r.toJSON(a, "a table", v))
		case *lua.LNilType:
			line.WriteString("nil")
		default:
			line.WriteString(a.value(v, "text", maxText))
		}
	}
	text := string(cut(line.Bytes(), maxText))
	r.immediate(a.L, "log", fields{"text": text}, func(step int) any {
		r.effect(engine.Effect{Step: step, Log: &text})
		return nil
	})
	return 0
}
