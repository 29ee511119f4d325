package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

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
func (a Args) ToJSON(param string, v lua.LValue) string { return string(Encode(a.toGo(param, v))) }

// toGo reads a Lua value that can be JSON.
func (a Args) toGo(param string, v lua.LValue) any {
	value, err := a.Run.VM.ToGo(a.Run.plain(v))
	if err != nil {
		a.Fail("%s: %s", param, err.Error())
	}
	return value
}
