package strftime

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// Format writes a time as the format says. The error names what it does not know.
func Format(format string, at time.Time) (string, error) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		i++
		if i == len(format) {
			return "", fmt.Errorf("ends with a lone %%")
		}
		layout, ok := layouts()[format[i]]
		switch {
		case ok:
			b.WriteString(at.Format(layout))
		case format[i] == 'w':
			fmt.Fprintf(&b, "%d", at.Weekday())
		case format[i] == '%':
			b.WriteByte('%')
		default:
			return "", fmt.Errorf("%%%c is not known", format[i])
		}
	}
	return b.String(), nil
}

// layouts are those of package time, by conversion. They are never written.
var layouts = sync.OnceValue(func() map[byte]string {
	return map[byte]string{
		'a': "Mon", 'A': "Monday", 'b': "Jan", 'h': "Jan", 'B': "January", 'c': "Mon Jan _2 15:04:05 2006",
		'd': "02", 'D': "01/02/06", 'x': "01/02/06", 'e': "_2", 'F': "2006-01-02", 'H': "15", 'I': "03", 'j': "002",
		'm': "01", 'M': "04", 'p': "PM", 'R': "15:04", 'S': "05", 'T': "15:04:05", 'X': "15:04:05", 'y': "06",
		'Y': "2006", 'z': "-0700", 'Z': "MST",
	}
})
