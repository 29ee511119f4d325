package person

import (
	"sync"

	"parley/engine/understanding/said"
)

// list is a class and its words, with | between them.
type list struct {
	class
	words string
	exact bool // nothing is a slip of them
}

var grammars = sync.OnceValue(func() []*said.Lexicon[class] {
	var out []*said.Lexicon[class]
	for _, lists := range [][]list{english(), german(), spanish(), french()} {
		g := &said.Lexicon[class]{}
		for _, l := range append(lists, common()...) {
			if !l.exact && (l.class == contact || l.class == somebody || l.class == human || l.class == robot) {
				g.Add(l.class, l.words)
			} else {
				g.AddExact(l.class, l.words)
			}
		}
		out = append(out, g)
	}
	return out
})

func common() []list {
	return []list{
		{class: polite, words: "please|pls|plz|bitte|por favor|porfa|svp|stp|s il vous plait|s il te plait|thanks|danke|gracias|merci"},
		{class: filler, words: "hi|hello|hey|hallo|hola|bonjour|salut|ok|okay|oh|also"},
		{class: robot, words: "bot|bots|chatbot|chatbots|robot|robots|ai|ki|ia"},
	}
}

func english() []list {
	return []list{
		{class: somebody, words: "human help|human assistance|human support|agent|agents|human|humans|human being|human beings|representative|representatives|rep|operator|adviser|advisor|live person|real person|real people|customer service|customer support|customer care|tech support|technical support|support team|service desk|help desk|support agent|service agent|live chat"},
		{class: human, words: "person|people|persons"},
		{class: boss, words: "manager|supervisor|boss|superior"},
		{class: through, words: "transfer me|transfer us|connect me|connect us|put me through|put us through|hand me over"},
		{class: helps, words: "human help me|human help us|human assist me|human call me|human answer me"},
		{class: anybody, words: "member of staff|staff member|member of your staff|member of your team|team member|someone|somebody|anyone|anybody|someone else|somebody else|employee|staff|colleague|colleagues|team|support|specialist|expert|assistant|guy|clerk|consultant|salesperson|mechanic"},
		{class: robot, words: "machine|computer|machines|automated system|software|program"},
		{class: real, words: "real|live|actual|living|proper|human|true|competent|breathing|flesh and blood"},
		{class: service, words: "customer|service|support|care|sales|technical|tech|helpful|nice|different|another|other|damn|damned|bloody|fucking|fuckin|freaking|goddamn|single|normal|english|german|spanish|french|english speaking|german speaking|spanish speaking|french speaking|friendly|responsible|senior"},
		{class: one, words: "one"},
		{class: link, words: "ur|to|with|a|an|the|of|your|our|one of|some|any|through|from|in|at|over|instead of|who can|that can|whom|who|that|directly|straight"},
		{class: mine, words: "my"},
		{class: contact, words: "complain to|talk|speak|chat|connect|transfer|forward|forward me|forward this|put me on|put me in touch|put us in touch|pass me|pass me on|hand me|hand over|hand this over|redirect me|redirect|refer me|switch me|escalate|escalate this|escalate it|reach|contact|contact with|get hold|get a hold|get in touch|get through|get me through|get connected|be connected|be transferred|message with|write with|hear from|deal with|communicate|let me talk|let me speak"},
		{class: talking, words: "talking|speaking|chatting|writing|texting"},
		{class: want, words: "want|wanna|need|d like|would like|prefer|get|get me|give|give me|send me|bring me|wish|have|see|require|demand|find|request|ask for|looking for|rather have|let me have|i ll take"},
		{class: there, words: "where do i find|where can i find|is there|there|are there|isn t there|don t you have|do you not have|do you have|is it possible|possible"},
		{class: ring, words: "call|call me|call me back|call us|call us back|ring me|ring me back|phone me"},
		{class: help, words: "help|assist|take over|answer|answer me|reply|reply to me|handle|look at"},
		{class: can, words: "can|could|may|might|won t you let|won t let|let|let me|able|allowed|how do|how to|can t|cannot|cant|couldn t|can i not"},
		{class: not, words: "not|don t|dont|do not|doesn t|never|without|nobody|isn t|isnt|won t|wont|can t|cannot|cant|couldn t|no need for|no need|no more|stop|rather not|instead of"},
		{class: no, words: "no"},
		{class: why, words: "why"},
		{class: told, words: "told me|told us|told|advised me|was told|were told"},
		{class: when, words: "if|when|until"},
		{class: must, words: "have to|must|has to|need to be"},
		{class: be, words: "are|is|am|re|do|was|were|m"},
		{class: you, words: "you|u|ya"},
		{class: art, words: "you a"},
		{class: this, words: "this|it|that"},
		{class: me, words: "i|we|me|us"},
		{class: filler, words: "now|right now|immediately|asap|just|really|very much|here|there please|today|again|finally|already|s|d|ll|ve|would|will|an actual|so|then|well|no|yes|good morning|urgently|quickly|fast|right away|at last|and|or|for once|about this|ever|even|hi there|right|simply|only|also|too|as well|seriously"},
	}
}

func german() []list {
	return []list{
		{class: somebody, words: "menschliche hilfe|menschlicher hilfe|mitarbeiter|mitarbeiterin|mitarbeitern|mitarbeiterinnen|mitarbeiters|mensch|menschen|berater|beraterin|beratern|kundenberater|kundenberaterin|kundenbetreuer|kundenbetreuerin|agent|agenten|agentin|sachbearbeiter|sachbearbeiterin|kundenservice|kundendienst|kundenbetreuung|servicemitarbeiter|servicemitarbeiterin|supportmitarbeiter|hotline"},
		{class: human, words: "person|personen"},
		{class: boss, words: "vorgesetzte|vorgesetzten|vorgesetzter|chef|chefin|chefs|manager|ansprechpartner|ansprechpartnerin|ansprechperson"},
		{class: anybody, words: "jemand|jemanden|jemandem|jemand anders|jemand anderem|jemand anderen|kollege|kollegen|kollegin|support|verantwortlichen|verantwortliche|zuständigen|experten|fachmann|fachkraft|leiter|filialleiter|team|irgendwem|irgendjemandem|irgendjemanden|verkäufer"},
		{class: robot, words: "roboter|maschine|computer|automaten|automat|programm|robotern"},
		{class: real, words: "echt|echte|echten|echter|echtem|echtes|richtigen|richtige|richtiger|lebendigen|lebende|lebenden|menschlichen|menschliche|menschlicher|wirklichen|realen|reale"},
		{class: service, words: "anderen|andere|anderem|anderer|kompetenten|netten|normalen|freundlichen|verdammten|deutschen|zuständigen|technischen"},
		{class: one, words: "ein|eine|einen|einem|einer|eines|nen|ner|nem|ne"},
		{class: link, words: "mit|zu|zum|zur|an|den|dem|der|die|ihr|ihre|ihren|ihrem|ihrer|euer|eure|eurem|euren|von|vom|irgendeinem|irgendeinen|irgendeiner|auch|direkt|persönlich|mal|gern|gerne|hier|bei|dringend|sofort|endlich|mich|mir|uns|man|statt|nur|lieber|bitte gern|in|verbindung"},
		{class: mine, words: "mein|meine|meinem|meinen|meiner"},
		{class: contact, words: "gib mich|geben sie mich|red|sprechen|reden|chatten|schreiben|telefonieren|verbinden|verbinde|verbunden|weiterleiten|weitergeleitet|weiterverbinden|weiterverbunden|leiten sie|leite mich|leiten|erreichen|erreiche|kontaktieren|durchstellen|durchgestellt|stellen sie mich|durch|kommunizieren|übergeben|unterhalten|sprich|gib weiter|ranholen|stell mich|stelle mich|stellen sie mich|weiterleitung|lassen sie mich"},
		{class: through, words: "bitte verbinden|bitte verbinden sie mich|verbinden bitte|verbinden sie mich|verbinde mich|verbind mich|stellen sie mich durch|stell mich durch|leiten sie mich weiter|leite mich weiter|leiten sie mich bitte weiter|stellen sie mich bitte durch"},
		{class: talking, words: "spreche|rede|schreibe|chatte|texte|telefoniere"},
		{class: want, words: "will|möchte|brauche|brauch|wünsche|hätte gern|hätte gerne|hätte|geben sie mir|gib mir|gebt mir|holen sie mir|hol mir|holen sie|verlange|bevorzuge|benötige|möchten|wollen|suche|bitte um|schicken sie mir"},
		{class: there, words: "wo finde ich|wo ist|gibt es|gibts|gibt s|ist da|habt ihr|haben sie"},
		{class: ring, words: "anrufen|zurückrufen|anruft|zurückruft|ruft mich an|ruft mich zurück"},
		{class: help, words: "helfen|hilft|hilf|weiterhelfen|weiterhilft|antworten|antwortet|übernehmen|übernimmt|kümmern|kümmert"},
		{class: can, words: "kann|könnte|können|darf|dürfte|lass|lassen|lass mich|lassen sie|lassen sie mich|wie|möglich|könnt|könnten|kannst"},
		{class: not, words: "nicht|kein|keine|keinen|keinem|keiner|ohne|nie|niemals|weder"},
		{class: why, words: "warum|wieso|weshalb"},
		{class: told, words: "hat mir gesagt|wurde mir gesagt|hat gesagt|mir gesagt|gesagt"},
		{class: when, words: "wenn|falls|ob|bis"},
		{class: must, words: "muss|müssen|soll|musst"},
		{class: be, words: "ist|sind|bin|war|waren|seid"},
		{class: art, words: "bist du|sind sie|bist|seid ihr"},
		{class: you, words: "du|sie"},
		{class: this, words: "das|dies"},
		{class: me, words: "ich|wir"},
		{class: filler, words: "gerade|jetzt|nun|gleich|schnell|schnellstmöglich|nein|ja|guten tag|guten morgen|moin|würde|wurde|oder|und|heute|doch|denn|eigentlich|wirklich|einfach|sehr|nur|mal|da|so|weiter|der|dem|nochmal|wieder|chat|livechat|s|zu|gar|dass|überhaupt|es|am liebsten|mehr"},
	}
}

func spanish() []list {
	return []list{
		{class: somebody, words: "ayuda humana|agente|agentes|ser humano|asesor|asesora|asesores|operador|operadora|operadores|representante|representantes|atención al cliente|servicio al cliente|atencion a clientes|persona real|personas reales|persona de verdad|servicio técnico|soporte técnico|teleoperador|teleoperadora"},
		{class: human, words: "persona|personas"},
		{class: boss, words: "encargado|encargada|supervisor|supervisora|gerente|jefe|jefa|responsable"},
		{class: anybody, words: "alguien|alguien más|empleado|empleada|compañero|compañera|soporte|experto|técnico|vendedor|vendedora|equipo|miembro del equipo|alguno"},
		{class: somebody, words: "humano|humana|humanos|humanas", exact: true},
		{class: robot, words: "máquina|maquina|ordenador|computadora|programa|contestador"},
		{class: real, words: "real|reales|de verdad|verdadera|verdadero|viva|vivo|auténtica|auténtico|física|humana|humano|de carne y hueso"},
		{class: service, words: "otro|otra|competente|amable|normal|puto|puta|maldito|español|que hable español|técnico|comercial"},
		{class: one, words: "un|una|uno"},
		{class: link, words: "con|a|al|el|la|los|las|de|del|su|sus|vuestro|vuestros|algún|alguna|algun|uno de|una de|por|en|me|nos|quien|que pueda|que me|directamente|ya|ahora|en contacto|lo antes posible"},
		{class: mine, words: "mi|mis"},
		{class: contact, words: "quejarme con|quejarme ante|hablar|platicar|conversar|chatear|comunicar|comunicarme|contactar|me atienda|me atiendan|me atendiera|atendiera|atendieran|me llame|me llamen|contacto con|contacte|hablar directamente|páseme|pásame|pasarme|pasar|pasen|me pasen|pasa|póngame|ponme|ponerme|póngase|comuniquen|conectarme|conectar|transferir|transferirme|transfiera|transfieran|derivar|deríveme|derívame|me pase|pase|déjeme hablar|déjame hablar|escribir|escalar|dirigirme|redirigir|poner en contacto|atender|atienda|atendido por|ser atendido"},
		{class: through, words: "transfiérame|transfiéreme|transfiéranme|comuníqueme|comunícame|conécteme|conéctame|conéctenme"},
		{class: present, words: "hable"},
		{class: talking, words: "hablando|hablo|chateando|escribiendo|escribo"},
		{class: want, words: "quiero|quisiera|necesito|prefiero|deseo|querría|me gustaría|gustaría|deme|dame|denme|solicito|exijo|busco|quiero que|necesitamos|queremos|pido|tráigame"},
		{class: there, words: "dónde encuentro|hay|tienen|tenéis|tienes|existe"},
		{class: ring, words: "llamar|llamarme|llame|llamen|devolver la llamada"},
		{class: help, words: "ayudar|ayudarme|ayude|ayuden|ayudarnos|atenderme|responda|conteste|contestar|responder|contestarme"},
		{class: can, words: "puedo|puede|podría|podrías|puedes|podemos|pueden|cómo|como|es posible|posible|déjeme|déjame|dejen|se puede|pueda"},
		{class: not, words: "no|sin|ningún|ninguna|ningun|nunca|jamás|tampoco|ni"},
		{class: why, words: "por qué|por que|porque|porqué"},
		{class: told, words: "me dijo|me dijeron|me han dicho|dijo"},
		{class: when, words: "si|cuando|hasta"},
		{class: must, words: "tengo que|debo|hay que|tenemos que|debería"},
		{class: be, words: "es|son|soy|está|estoy|estás|era|fue"},
		{class: art, words: "eres|es usted|es ud|sois"},
		{class: you, words: "usted|tú|ud|tu"},
		{class: this, words: "esto|este|eso"},
		{class: me, words: "yo|nosotros"},
		{class: filler, words: "ya|ahora|ahora mismo|urgente|urgentemente|aquí|ahí|por ahí|chat|y|o|sí|si|buenas|buenos días|buenas tardes|por fin|hoy|mejor|solo|sólo|inmediatamente|rápido|también|de nuevo|otra vez|directamente|que|más|mismo|alguna|tampoco es"},
	}
}

func french() []list {
	return []list{
		{class: somebody, words: "aide humaine|agent|agents|agente|être humain|conseiller|conseillère|conseillers|conseillères|opérateur|opératrice|opérateurs|télé conseiller|téléconseiller|service client|service clients|service clientèle|vraie personne|vraies personnes|personne réelle|représentant|représentante|support technique|service technique|assistance technique"},
		{class: human, words: "personne|personnes"},
		{class: boss, words: "responsable|supérieur|supérieure|manager|superviseur|chef|interlocuteur|interlocutrice"},
		{class: anybody, words: "qqn|qqun|quelqun|membre de l équipe|quelqu un|quelqu un d autre|employé|employée|collègue|collaborateur|collaboratrice|technicien|vendeur|vendeuse|gérant|gens|équipe|spécialiste|support|direction"},
		{class: somebody, words: "humain|humaine|humains|humaines", exact: true},
		{class: robot, words: "machine|ordinateur|programme|automate"},
		{class: real, words: "vrai|vraie|réel|réelle|vivant|vivante|véritable|humain|humaine|physique|en chair et en os"},
		{class: service, words: "autre|compétent|compétente|gentil|normal|putain de|foutu|francophone|commercial|technique"},
		{class: one, words: "un|une"},
		{class: link, words: "à|a|au|aux|avec|le|la|les|l|de|d|du|des|votre|vos|vers|l un de|un de|une de|me|m|moi|nous|y|en|qui|directement|en relation|en relation avec|en contact|en contact avec|en ligne|que|qu|chez"},
		{class: mine, words: "mon|ma|mes"},
		{class: contact, words: "me plaindre à|me plaindre au|parler|discuter|échanger|communiquer|joindre|contacter|être mis|être mise|mis en relation|mise en relation|passez|passe moi|passez moi|passer|mettez moi|mets moi|mettre|mettez|transférez|transfère|transférer|transfert|connectez|connecter|rediriger|redirigez moi|laissez moi parler|laisse moi parler|écrire|dialoguer|converser|chatter|tchatter|avoir affaire|orientez moi|appeler|être rappelé|être rappelée|rappelé par|rappelée par"},
		{class: through, words: "transférez moi|transfère moi|connectez moi|connecte moi"},
		{class: present, words: "parle|discute"},
		{class: want, words: "veux|voudrais|souhaite|souhaiterais|aimerais|préfère|préférerais|voulons|besoin|faut|il me faut|donnez moi|donne moi|donnez|exige|demande|cherche|désire|envoyez moi|avoir|trouver"},
		{class: there, words: "où trouver|où puis je trouver|y a t il|il y a|y a|avez vous|existe t il"},
		{class: ring, words: "rappeler|me rappeler|me rappelle|rappelle|m appeler|m appelle"},
		{class: help, words: "aider|m aider|aide|m aide|répondre|me répondre|réponde|me réponde|prendre le relais|prenne le relais"},
		{class: can, words: "puis|peux|peut|pourrais|pourrait|pouvez|pourriez|comment|est ce possible|possible|laissez|laisse|peut on|laissez moi"},
		{class: not, words: "pas|ne|n|sans|aucun|aucune|jamais|ni|plus de"},
		{class: why, words: "pourquoi"},
		{class: told, words: "m a dit|m ont dit|on m a dit|a dit"},
		{class: when, words: "si|quand|avant|lorsque"},
		{class: must, words: "dois|doit|devons|faut il|faut que"},
		{class: be, words: "suis|est|sont|était|étais|êtes|es|sommes"},
		{class: art, words: "êtes vous|es tu|tu es|vous êtes|t es"},
		{class: you, words: "vous|tu|toi"},
		{class: this, words: "c|ce|ça|ceci|cela"},
		{class: me, words: "je|j|on"},
		{class: filler, words: "qui répond|qui me répond|en train de|au téléphone|chat|tchat|maintenant|tout de suite|immédiatement|vite|rapidement|ici|oui|non|et|ou|bonsoir|est ce que|est ce qu|svp|enfin|aujourd hui|vraiment|juste|simplement|plutôt|bien|là|t|ai|il|elle|se|très|urgent|urgemment|directement|s|être|aussi"},
	}
}
