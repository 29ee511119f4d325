package smstext

// Encoding is the alphabet a text is sent in.
type Encoding string

// The two alphabets of SMS.
const (
	GSM7 Encoding = "gsm7" // 7-bit default alphabet with its extension table; a unit is a septet
	UCS2 Encoding = "ucs2" // everything else; a unit is a UTF-16 code unit
)

// Units that fit a message sent alone, and each part of a longer one (the rest of a part is its header).
const (
	gsm7Single = 160
	gsm7Part   = 153
	ucs2Single = 70
	ucs2Part   = 67
)

// Count tells how text goes out: its encoding, its length in units of that encoding, and the number of
// segments that are sent and billed. A character is never cut in two by a segment boundary: an extension
// character (two septets) or a surrogate pair that does not fit moves to the next segment whole, which the
// segments count and units does not. Bytes that are not UTF-8 count as U+FFFD. Empty text has no segment.
func Count(text string) (enc Encoding, units, segments int) {
	var m meter
	for _, r := range text {
		m.add(r)
	}
	return m.result()
}

// meter counts a growing text in both encodings, as one character can turn the whole of it to UCS-2.
type meter struct {
	wide       bool // some character is not in GSM-7
	gsm7, ucs2 parts
}

func (m *meter) add(r rune) {
	septets := gsm7Units(r)
	if septets == 0 {
		m.wide = true
	}
	if !m.wide {
		m.gsm7.add(septets, gsm7Part)
	}
	m.ucs2.add(utf16Units(r), ucs2Part)
}

func (m *meter) result() (Encoding, int, int) {
	if m.wide {
		return UCS2, m.ucs2.units, m.ucs2.segments(ucs2Single)
	}
	return GSM7, m.gsm7.units, m.gsm7.segments(gsm7Single)
}

// parts fills the parts of a long message one after the other.
type parts struct {
	units, full, fill int // all units; parts filled and closed; units in the open part
}

func (p *parts) add(units, size int) {
	p.units += units
	if p.fill+units > size {
		p.full++
		p.fill = 0
	}
	p.fill += units
}

func (p *parts) segments(single int) int {
	switch {
	case p.units == 0:
		return 0
	case p.units <= single:
		return 1
	}
	return p.full + 1
}

func utf16Units(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// gsm7Units is the number of septets of r in the GSM 03.38 default alphabet: 1, 2 for a character of the
// extension table, 0 for one that it does not have. The escape code 0x1B is no character of its own.
func gsm7Units(r rune) int {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= ' ' && r <= '?':
		return 1
	}
	switch r {
	case '@', '_', '\n', '\r', '£', '$', '¥', '¤', '§', '¡', '¿',
		'è', 'é', 'ù', 'ì', 'ò', 'à', 'Ç', 'É',
		'Ø', 'ø', 'Å', 'å', 'Æ', 'æ', 'ß', 'Ä', 'Ö', 'Ñ', 'Ü', 'ä', 'ö', 'ñ', 'ü',
		'Δ', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ':
		return 1
	case '^', '{', '}', '\\', '[', '~', ']', '|', '€', '\f':
		return 2
	}
	return 0
}
