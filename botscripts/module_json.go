package botscripts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

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
		a.L.Push(lua.LString(whyNotJSON(text, err)))
		return 2
	}
	a.L.Push(v)
	return 1
}

const byteOrderMark = "\uFEFF"

// whyNotJSON says in words what keeps a text from being JSON, and where.
func whyNotJSON(text string, err error) string {
	var syntax *json.SyntaxError
	text = strings.TrimPrefix(text, byteOrderMark)
	switch {
	case strings.TrimSpace(text) == "":
		return "the text is empty"
	case !errors.As(err, &syntax):
		return err.Error()
	case syntax.Error() == "unexpected end of JSON input":
		return fmt.Sprintf("the text ends at byte %d in the middle of a value", len(text))
	}
	at := max(int(syntax.Offset)-1, 0)
	near := strings.ToValidUTF8(text[max(at-10, 0):min(at+10, len(text))], "")
	return fmt.Sprintf("%s at byte %d, near %q", syntax.Error(), at+1, near)
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
		case lua.LString:
			line.WriteString(strings.ToValidUTF8(string(v[:min(len(v), maxText+1)]), "\uFFFD"))
		case lua.LNumber:
			line.WriteString(number(float64(v)))
		case *lua.LNilType, lua.LBool:
			line.WriteString(v.String())
		default:
			line.WriteString(v.Type().String())
		}
	}
	text := line.String()
	if len(text) > maxText {
		const sign = "…"
		text = string(cut(line.Bytes(), maxText-len(sign))) + sign
	}
	r.immediate(a.L, "log", fields{"text": text}, func(step int) any {
		r.effect(engine.Effect{Step: step, Log: &text})
		return nil
	})
	return 0
}
