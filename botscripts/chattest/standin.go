package chattest

import (
	"math/big"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// A stand-in is of the kind of what it stands for: who reads it takes it for
// the same thing, and refuses it when the original was refused.

// justDigits leaves out all but digits.
func justDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// written puts digits into the places that digits have in like, from the right.
func written(like, digits string) string {
	out := []byte(like)
	for i, j := len(out)-1, len(digits)-1; i >= 0 && j >= 0; i-- {
		if out[i] >= '0' && out[i] <= '9' {
			out[i] = digits[j]
			j--
		}
	}
	return string(out)
}

// luhn says whether digits end with their check digit.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// isCard says whether digits may be the number of a payment card: networks have
// numbers that begin with 2 to 6.
func isCard(digits string) bool {
	return len(digits) >= 13 && len(digits) <= 19 && digits[0] >= '2' && digits[0] <= '6' && strings.Trim(digits, digits[:1]) != "" && luhn(digits)
}

// cardLike makes a card's number of the same network and length, in the ranges
// that are for tests where the network has one.
func cardLike(digits string, n int) string {
	prefix := digits[:2]
	switch {
	case digits[0] == '4':
		prefix = "411111"
	case prefix >= "51" && prefix <= "55":
		prefix = "555555"
	case prefix == "34" || prefix == "37":
		prefix = "378282"
	case strings.HasPrefix(digits, "6011"):
		prefix = "601111"
	}
	body := prefix + scramble(strings.Repeat("1", len(digits)-len(prefix)-1), n)
	for check := '0'; check <= '9'; check++ {
		if luhn(body + string(check)) {
			return body + string(check)
		}
	}
	return body + "0" // not reached: one of ten digits fits
}

// isIBAN checks an account number without blanks, in capitals.
func isIBAN(s string) bool { return len(s) >= 15 && len(s) <= 34 && ibanRest(s) == 1 }

func ibanRest(s string) int64 {
	var number strings.Builder
	for _, r := range s[4:] + s[:4] {
		switch {
		case r >= '0' && r <= '9':
			number.WriteRune(r)
		case r >= 'A' && r <= 'Z':
			number.WriteString(big.NewInt(int64(r-'A') + 10).String())
		default:
			return -1
		}
	}
	value, ok := new(big.Int).SetString(number.String(), 10)
	if !ok {
		return -1
	}
	return value.Mod(value, big.NewInt(97)).Int64()
}

// ibanLike makes an account number of the same country, with right check
// digits when the original's are.
func ibanLike(s string, n int) string {
	body := s[:4] + scramble("1"+s[4:], n)[1:]
	if !isIBAN(s) {
		if isIBAN(body) {
			return ibanLike(s, n+1_000_000)
		}
		return body
	}
	check := 98 - ibanRest(body[:2]+"00"+body[4:])
	return body[:2] + string(rune('0'+check/10)) + string(rune('0'+check%10)) + body[4:]
}

// ibanWritten puts an account number into another's way of writing.
func ibanWritten(like, iban string) string {
	var out strings.Builder
	i := 0
	for _, r := range like {
		if i == len(iban) || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			out.WriteRune(r)
			continue
		}
		c := rune(iban[i])
		if unicode.IsLower(r) {
			c = unicode.ToLower(c)
		}
		out.WriteRune(c)
		i++
	}
	return out.String()
}

// aPhone reads a telephone number that exists, "" when it is none.
func aPhone(text, region string) (e164, national string) {
	n, err := phonenumbers.Parse(text, region)
	if err != nil || !phonenumbers.IsValidNumber(n) || n.GetExtension() != "" {
		return "", ""
	}
	return phonenumbers.Format(n, phonenumbers.E164), phonenumbers.GetNationalSignificantNumber(n)
}

// phoneLike makes a number of the same country, kind and length that may exist,
// "" when it finds none.
func phoneLike(e164 string, seed int) string {
	n, err := phonenumbers.Parse(e164, "ZZ")
	if err != nil {
		return ""
	}
	region, kind := phonenumbers.GetRegionCodeForNumber(n), phonenumbers.GetNumberType(n)
	national := phonenumbers.GetNationalSignificantNumber(n)
	code := strings.TrimSuffix(e164, national)
	const tries = 60
	for keep := max(len(national)-7, 1); keep >= 1; keep-- {
		for try := range tries {
			made := code + national[:keep] + scramble("1"+national[keep:], seed+try*1_000_003)[1:]
			m, err := phonenumbers.Parse(made, "ZZ")
			if err == nil && made != e164 && phonenumbers.IsValidNumber(m) && phonenumbers.GetRegionCodeForNumber(m) == region && phonenumbers.GetNumberType(m) == kind {
				return made
			}
		}
	}
	return ""
}

// scramble makes digits of the same length, led by what is no digit. The first
// stays what it is: zero or not.
func scramble(v string, n int) string {
	out := []byte(v)
	state := uint64(n) * 0x9E3779B97F4A7C15
	first := true
	for i, c := range out {
		if c < '0' || c > '9' {
			continue
		}
		state ^= state >> 29
		state *= 0xBF58476D1CE4E5B9
		switch {
		case !first:
			out[i] = '0' + byte(state>>33%10)
		case c != '0':
			out[i] = '1' + byte(state>>33%9)
		}
		first = false
	}
	return string(out)
}
