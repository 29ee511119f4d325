package validate

import "strings"

// longestYes is how many words a yes or no may have; longer messages say
// something else.
const longestYes = 7

// yesNo reads the answer in the conversation's language, then in the others:
// consumers switch languages.
func yesNo(text string, o Options) (any, Reason, bool) {
	switch strings.TrimRight(text, "!. \ufe0f") {
	case "👍", "✅", "👌", "✔", "☑", "🆗", "+1":
		return true, "", true
	case "👎", "❌", "🚫", "✖", "-1":
		return false, "", true
	}
	said := words(fold(text))
	if len(said) > longestYes {
		return nil, NotUnderstood, false
	}
	own := o.language()
	reason := NotUnderstood
	for _, language := range []string{own, "en", "de", "es", "fr"} {
		yes, no, unsure := assent(language)
		switch meaning(said, yes, no, unsure) {
		case "yes":
			return true, "", true
		case "no":
			return false, "", true
		case "both":
			reason = Unclear
		}
		if reason == Unclear && language == own {
			break
		}
	}
	return nil, reason, false
}

// meaning is "yes", "no", "both" or "" of the phrases in what was said.
func meaning(said []string, yes, no, unsure []string) string {
	result := ""
	for i := 0; i < len(said); {
		length, means := 1, ""
		for _, list := range []struct {
			phrases []string
			means   string
		}{{yes, "yes"}, {no, "no"}, {unsure, "both"}} {
			for _, phrase := range list.phrases {
				n := strings.Count(phrase, " ") + 1
				if len(phrase) == 1 && len(said) > 1 {
					continue // "y" is yes only by itself
				}
				if (n > length || n == 1 && length == 1) && i+n <= len(said) && strings.Join(said[i:i+n], " ") == phrase {
					length, means = n, list.means
				}
			}
		}
		if means != "" && result != "" && means != result {
			return "both"
		}
		if means != "" {
			result = means
		}
		i += length
	}
	return result
}

// assent are a language's folded phrases. The longest that fits at a place
// counts, so "no problem" is not a no.
func assent(language string) (yes, no, unsure []string) {
	split := func(s string) []string { return strings.Split(s, ",") }
	switch language {
	case "de":
		return split("ja,j,jawohl,jo,joa,jep,jup,klar,na klar,gerne,gern,genau,stimmt,das stimmt,korrekt,richtig,naturlich,sicher,passt,einverstanden,ok,okay,in ordnung,auf jeden fall,selbstverstandlich,kein problem,warum nicht,unbedingt,perfekt"),
			split("nein,n,ne,nee,no,noe,nicht,nicht richtig,nicht korrekt,stimmt nicht,das stimmt nicht,stimmt leider nicht,passt nicht,falsch,auf keinen fall,keinesfalls,lieber nicht,leider nicht,nein danke,nicht wirklich,eher nicht,niemals"),
			split("nicht sicher,vielleicht,keine ahnung,jein,weiss nicht")
	case "es":
		return split("si,s,claro,claro que si,por supuesto,vale,correcto,de acuerdo,ok,okay,eso es,exacto,exactamente,desde luego,perfecto,asi es,sin problema,no hay problema,por que no,bueno,esta bien"),
			split("no,n,no es correcto,no esta bien,incorrecto,para nada,en absoluto,nunca,claro que no,por supuesto que no,mejor no,tampoco,desde luego que no"),
			split("no se,no lo se,quizas,tal vez,no estoy seguro,no estoy segura")
	case "fr":
		return split("oui,o,ouais,ouaip,si,bien sur,d accord,exact,exactement,c est ca,c est bon,correct,tout a fait,volontiers,ok,okay,absolument,certainement,parfait,pas de probleme,pas de souci,aucun probleme,pourquoi pas,evidemment"),
			split("non,n,pas du tout,pas vraiment,jamais,incorrect,c est faux,faux,surtout pas,bien sur que non,pas d accord,pas correct,absolument pas,certainement pas,ce n est pas ca,non merci"),
			split("peut etre,je ne sais pas,pas sur,pas sure")
	}
	return split("yes,y,yeah,yea,yep,yup,ya,sure,of course,ok,okay,correct,right,that s right,that is right,exactly,absolutely,definitely,certainly,indeed,please do,go ahead,sounds good,fine,perfect,no problem,no worries,why not,i do,it did,it does,i think so,true,affirmative"),
		split("no,n,nope,nah,not,no thanks,no thank you,not really,not right,not correct,that s wrong,wrong,incorrect,never,no way,of course not,certainly not,definitely not,absolutely not,i don t,i do not,don t,it didn t,it did not,it doesn t,it does not,not yet,i don t think so,negative,false"),
		split("not sure,maybe,perhaps,i don t know,don t know")
}
