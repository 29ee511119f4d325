package slots

import (
	"slices"
	"strings"
	"sync"
)

// currencyWords are the names and signs of currencies in four languages, folded. Where
// several have a name, the first is meant without a country or a currency of the brand;
// with | between them nobody can tell.
var currencyWords = sync.OnceValue(func() map[string]string {
	words := map[string]string{}
	for codes, names := range map[string]string{
		"EUR": "€ euro euros eur",
		"USD CAD AUD NZD SGD HKD MXN ARS CLP COP TWD BBD JMD TTD BSD BZD FJD NAD": "$ dollar dollars dolar dolares bucks buck",
		"USD":                             "us$ usd$ usdollar",
		"CAD":                             "ca$ c$ cad$ can$",
		"AUD":                             "a$ au$ aud$",
		"NZD":                             "nz$ nzd$",
		"MXN":                             "mx$ mxn$",
		"SGD":                             "s$ sgd$ sg$",
		"HKD":                             "hk$ hkd$",
		"TWD":                             "nt$ twd$",
		"BRL":                             "r$ real reais reales",
		"GBP EGP LBP":                     "£ pound pounds pfund libra libras livre livres",
		"GBP":                             "quid sterling",
		"CHF":                             "franken sfr",
		"CHF XAF XOF":                     "fr franc francs franco francos",
		"JPY CNY":                         "¥ 円 yen yens yenes",
		"CNY":                             "元 yuan yuans renminbi rmb",
		"MXN|ARS|COP|CLP|PHP|DOP|UYU":     "peso pesos",
		"SEK|NOK|DKK|ISK":                 "kr krone kronen krona corona coronas couronne couronnes",
		"NOK|DKK":                         "kroner",
		"SEK ISK":                         "kronor",
		"PLN":                             "zl zloty zlotys zlotych zlote sloty",
		"CZK":                             "kc koruna",
		"HUF":                             "ft forint forints",
		"INR PKR LKR NPR MUR IDR":         "₹ rs rupee rupees rupie rupien rupia rupias roupie roupies",
		"RUB":                             "₽ ruble rubles rouble roubles rubel rublo rublos",
		"KRW":                             "₩ won wons",
		"TRY":                             "₺ lira liras lire lires",
		"ILS":                             "₪ shekel shekels sheqel schekel sekel sequel sheqels nis",
		"UAH":                             "₴ hryvnia hryvnias griwna hrywnja",
		"VND":                             "₫ dong dongs",
		"NGN":                             "₦ naira nairas",
		"THB":                             "฿ baht bahts",
		"PHP":                             "₱",
		"PYG":                             "₲ guarani guaranies",
		"CRC":                             "₡ colon colones",
		"ZAR":                             "rand rands",
		"AED|MAD":                         "dirham dirhams dirhem",
		"SAR|QAR|OMR|YER|IRR":             "riyal riyals rial rials riales",
		"KWD|JOD|BHD|RSD|TND|DZD|IQD|LYD": "dinar dinars dinare dinares",
		"MYR":                             "ringgit ringgits rm",
		"IDR":                             "rupiah rupiahs rp",
		"BGN":                             "lew lewa leva",
		"RON MDL":                         "leu lei",
		"KES|UGX|TZS|SOS":                 "shilling shillings schilling chelin chelines",
		"VES":                             "bolivar bolivares",
		"PEN":                             "soles",
		"GTQ":                             "quetzal quetzales",
		"HNL":                             "lempira lempiras",
		"BOB":                             "bolivianos boliviano",
		"MNT":                             "tugrik tugriks",
		"ETB":                             "birr",
		"BTC":                             "bitcoin bitcoins ₿",
	} {
		for _, name := range strings.Fields(names) {
			words[name] = codes
		}
	}
	return words
})

// codes are those of ISO 4217 that are in use.
var codes = setOf(`AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK
	DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL
	LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS
	SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG BTC`)

// plainCodes are written in small letters too and are no words of the four languages.
var plainCodes = setOf("eur usd gbp chf jpy aud nzd sek nok dkk pln czk huf mxn clp brl cny inr sgd hkd zar ils aed cad ars cop")

// candidates are the currencies that a folded word or sign may mean; want first and
// alone when it is among them. raw is how it was written.
func candidates(w, raw, want string) []string {
	list, known := currencyWords()[w]
	if !known {
		code := strings.ToUpper(w)
		if !codes[code] || !plainCodes[w] && raw != code && want != code || w == "cop" && raw != code && want != code {
			return nil
		}
		return []string{code}
	}
	unsure := strings.Contains(list, "|")
	all := strings.FieldsFunc(list, func(c rune) bool { return c == ' ' || c == '|' })
	switch {
	case slices.Contains(all, want):
		return []string{want}
	case unsure:
		return all
	}
	return all[:1]
}

// isCurrencyWord says that a folded word names a currency.
func isCurrencyWord(w string) bool {
	_, known := currencyWords()[w]
	return known || plainCodes[w]
}

func isCurrencySign(w string) bool {
	_, known := currencyWords()[w]
	return known && classOf([]rune(w)[0]) == mark
}

// currencyIn is the currency that a dollar, a peso, a pound or a crown is in a country.
func currencyIn(country string) string {
	return countryCurrencies[country]
}

var countryCurrencies = map[string]string{
	"CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "MX": "MXN", "AR": "ARS", "CL": "CLP", "CO": "COP", "SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK",
	"CN": "CNY", "PH": "PHP", "DO": "DOP", "UY": "UYU", "EG": "EGP", "PK": "PKR", "LK": "LKR", "NP": "NPR", "AE": "AED", "MA": "MAD", "SA": "SAR", "QA": "QAR", "OM": "OMR",
	"KW": "KWD", "JO": "JOD", "BH": "BHD", "RS": "RSD", "TN": "TND", "DZ": "DZD", "KE": "KES", "UG": "UGX", "TZ": "TZS", "TW": "TWD", "MD": "MDL",
}

// currencyOfPeople is the currency of the people that a folded adjective names:
// "canadienses", "schwedische".
func currencyOfPeople(w string) string {
	for n := min(len(w), 10); n >= 3; n-- {
		if code := peoples[w[:n]]; code != "" {
			return code
		}
	}
	return ""
}

// peoples are the beginnings of adjectives in four languages.
var peoples = map[string]string{
	"american": "USD", "amerikan": "USD", "americ": "USD", "estadounid": "USD", "canad": "CAD", "kanad": "CAD", "austral": "AUD", "neuseel": "NZD", "neozel": "NZD", "singap": "SGD", "hongkong": "HKD",
	"mexic": "MXN", "mexik": "MXN", "argent": "ARS", "colomb": "COP", "kolumb": "COP", "chil": "CLP", "urugua": "UYU", "dominic": "DOP", "philip": "PHP", "filip": "PHP", "jamaic": "JMD", "jamaik": "JMD", "taiwan": "TWD",
	"swiss": "CHF", "schweiz": "CHF", "suiz": "CHF", "suiss": "CHF", "brit": "GBP", "engl": "GBP", "angl": "GBP", "ingles": "GBP", "egypt": "EGP", "egip": "EGP", "agypt": "EGP", "swed": "SEK", "schwed": "SEK", "suec": "SEK", "sued": "SEK",
	"norw": "NOK", "norueg": "NOK", "norveg": "NOK", "danis": "DKK", "danes": "DKK", "danois": "DKK", "iceland": "ISK", "island": "ISK", "indian": "INR", "indisch": "INR", "indi": "INR", "pakist": "PKR", "serb": "RSD", "tunes": "TND", "tunis": "TND",
	"kuwait": "KWD", "jordan": "JOD", "marok": "MAD", "marroq": "MAD", "moroc": "MAD", "saud": "SAR", "turk": "TRY", "turc": "TRY", "japan": "JPY", "chin": "CNY", "russ": "RUB", "rus": "RUB",
}

// foreign says that a word after a currency looks like an adjective of a people.
func foreign(w string) bool {
	if len(w) < 5 {
		return w == "cfa"
	}
	_, ok := trimSuffix(w, "ano", "anos", "ana", "anas", "ense", "enses", "ino", "inos", "ien", "iens", "ienne", "iennes", "ain", "ains", "aine", "aines", "ais", "aise", "aises", "ois", "oise", "oises", "ischer", "ische", "ischen")
	return ok
}

// isCents says whether a folded word means hundredths of some currency.
func isCents(w string) bool {
	switch w {
	case "cent", "cents", "ct", "cts", "rappen", "centime", "centimes", "centimo", "centimos", "centavo", "centavos", "pence", "penny", "pennies", "¢":
		return true
	}
	return false
}

// centsOf is the currency of a word for hundredths that only one has, else want.
func centsOf(w, want string) string {
	switch w {
	case "pence", "p":
		return "GBP"
	case "rappen":
		return "CHF"
	}
	return want
}

// MinorDigits is how many decimals an amount in a currency has.
func MinorDigits(currency string) int {
	switch currency {
	case "JPY", "CLP", "HUF", "KRW", "VND", "PYG", "ISK", "XAF", "XOF", "UGX":
		return 0
	case "KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD":
		return 3
	}
	return 2
}
