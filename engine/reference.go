package engine

import "strings"

// Reference is a variable of the server's environment that a brand names for
// one of its fields. Who runs the server says which references are followed:
// the variable, for this brand and field, to be sent to these hosts.
type Reference struct {
	Brand    string
	Field    string   // in brand.yaml: "channels.sms.auth_token"
	Variable string   // its name, never its value
	Hosts    []string // where the value may be sent; none when it is not sent anywhere
}

const maxVariable = 128 // bytes of a variable's name

// Variable gives the name of the variable that a value stands for. Only a value
// that is wholly ${NAME} does.
func Variable(value string) (name string, ok bool) {
	name, ok = strings.CutPrefix(strings.TrimSpace(value), "${")
	if !ok {
		return "", false
	}
	if name, ok = strings.CutSuffix(name, "}"); !ok || name == "" || len(name) > maxVariable {
		return "", false
	}
	for i, r := range name {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return "", false
		}
	}
	return name, true
}
