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
func (r *Run) jsonEncode(a Args) int {
	text := r.ToJSON(a, "value", a.At(1))
	r.VM.Charge(int64(len(text)))
	a.L.Push(lua.LString(text))
	return 1
}

// jsonDecode is json.decode(text): the value, or nil and why it is not JSON.
func (r *Run) jsonDecode(a Args) int {
	text := a.Text(a.At(1), "text", 1<<20)
	r.VM.Work(int64(len(text) / 16))
	v, err := r.ToLua([]byte(text))
	if err != nil {
		a.L.Push(lua.LNil)
		a.L.Push(lua.LString(WhyNotJSON(text, err)))
		return 2
	}
	a.L.Push(v)
	return 1
}

const byteOrderMark = "\uFEFF"

// WhyNotJSON says in words what keeps a text from being JSON, and where.
func WhyNotJSON(text string, err error) string {
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

// ToJSON encodes a Lua value with sorted keys.
func (r *Run) ToJSON(a Args, param string, v lua.LValue) string {
	if data := r.Behind(v); data != nil {
		v = data
	}
	value, err := r.VM.ToGo(v)
	if err != nil {
		a.Fail("%s: %s", param, err.Error())
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		a.Fail("%s: %s", param, err.Error())
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// log is log(text, …): a line in the brand's log, never shown to consumers.
func (r *Run) log(a Args) int {
	var line bytes.Buffer
	for i := 1; i <= a.L.GetTop() && line.Len() <= MaxText; i++ {
		if i > 1 {
			line.WriteByte(' ')
		}
		switch v := a.L.Get(i).(type) {
		case *lua.LTable:
			line.WriteString(r.ToJSON(a, "a table", v))
		case lua.LString:
			line.WriteString(strings.ToValidUTF8(string(v[:min(len(v), MaxText+1)]), "\uFFFD"))
		case lua.LNumber:
			line.WriteString(number(float64(v)))
		case *lua.LNilType, lua.LBool:
			line.WriteString(v.String())
		default:
			line.WriteString(v.Type().String())
		}
	}
	text := line.String()
	if len(text) > MaxText {
		const sign = "…"
		text = string(Cut(line.Bytes(), MaxText-len(sign))) + sign
	}
	r.Immediate(a.L, "log", Fields{"text": text}, func(step int) any {
		r.Effect(engine.Effect{Step: step, Log: &text})
		return nil
	})
	return 0
}
