package assent

func spanish() []list {
	return []list{
		{yes, "sip|sipi|sep|yes|simón|si señor"},
		{whether, "si|s"},
		{nope, "nop|nope|que no|negativo"},
		{no, "no|n"},
		{never, "lo dudo|me temo que no|temo que no|la verdad no|la verdad es que no|la verdad que no|nada de eso|ni en broma|ni de chiste|ni de chiripa|ni modo|nunca|jamás|jamas|nunca jamás|para nada|en absoluto|ni hablar|ni de broma|ni loco|ni loca|ni pensarlo|ni en sueños|ni de coña|ni muerto|ni muerta|qué va|que va|de ninguna manera|de ningún modo|en ningún caso|bajo ningún concepto|tampoco|de eso nada"},
		{firmly, "pero claro|pero por supuesto|no lo dudo|no lo dudes|ni lo dudes|no cabe duda|no hay duda|sin lugar a dudas|claro|por supuesto|desde luego|naturalmente|obviamente|obvio|definitivamente|efectivamente|evidentemente|absolutamente|ciertamente|sin falta|faltaría más|faltaba más|evidente"},
		{certain, "seguro|segura|seguramente"},
		{agree, "me encantaría|nos encantaría|confirmo|confirmado|confirmada|buenísimo|fenomenal|súper|super|de una|hágale|tienes razón|tiene razón|vale|correcto|correcta|exacto|exactamente|de acuerdo|conforme|eso es|así es|eso mismo|perfecto|perfecta|perfectamente|cierto|verdad|venga|dale|adelante|hecho|trato hecho|genial|estupendo|excelente|con gusto|con mucho gusto|encantado|encantada|está bien|esta bien|muy bien|va bien|me parece bien|me parece perfecto|hágalo|hazlo|ándale|órale|sale|listo|lista|acepto|me sirve|me vale"},
		{good, "viene bien|viene perfecto|interesado|interesada|convence|sirve|hagas|haga|hagan|bien|quiero|queremos|querría|quisiera|gusta|gustaría|necesito|necesario|necesaria|hace falta|falta|interesa|conviene|apetece|funciona para mí|ese es|posible|me quedo|creo que sí|lo quiero|realmente eso"},
		{light, "bueno|pues|bueno pues"},
		{well, "estoy bien|estamos bien"},
		{bad, "incorrecto|incorrecta|falso|falsa|mal|equivocado|equivocada|erróneo|niego|rechazo"},
		{trouble, "problema|problemas|duda|dudas|inconveniente|inconvenientes|importa|opongo|molesta|pega|objeción|dudo|lugar a dudas|lugar a duda|objeciones"},
		{chance, "manera|modo|forma|chance|eso"},
		{lacking, "sin|ningún|ningun|ninguna|ninguno|ninguno de los dos"},
		{not, "mejor no|ahora no|hoy no|todavía no|aún no|aun no|no exactamente|no realmente|no del todo|realmente no|exactamente no|creo que no|no creo|no lo creo|no me lo creo"},
		{idiom, "cómo no|como no|y cómo no"},
		{why, "por qué|por que|porqué|porque no|y por qué"},
		{say, "decir|digo|dije|diría|dicho|dices"},
		{hedge, "si es posible|si se puede|si puede ser|si puede|si quieres|si quiere|si hay|si acaso|si pudiera|quizás|quizas|quizá|quiza|tal vez|talvez|a lo mejor|acaso|posiblemente|probablemente|puede ser|puede que|solo|sólo|solamente|únicamente|unicamente|pero|a menos que|salvo|excepto|siempre que|siempre y cuando|con tal de|en caso de|en caso|aunque|sino|depende|según|segun|a veces|más o menos|mas o menos|casi|en parte|no sé|no se|no lo sé|no lo se|sé|ni idea|idea|ya veremos|veremos|ya veré|igual|o|no necesariamente|espera|espere|perdón|perdon|mejor dicho|quise decir|quiero decir|cuando|luego|más tarde|ojalá|espero|supongo|y no|y sí|da igual|me da igual"},
		{accented, "qué|cuándo|dónde|cómo|cuánto|cuánta|cuál|quién|cuántos"},
		{asks, "qué quieres decir|que quieres decir|cuanto cuesta|a qué te refieres|y usted|y tú|y ustedes"},
		{subject, "yo|nosotros|mi|mis|nuestro|eso|esto|ese|este|ellos|usted"},
		{filler, "eso es todo|es|son|está|esta|estoy|estamos|fue|ser|lo|la|los|las|le|me|te|se|nos|el|un|una|de|del|a|al|en|con|por|para|y|e|así|asi|también|ya|ahora|hoy|eso|hay|tengo|tenemos|tiene|parece|me parece|creo|pienso|puedo|puede|podría|he|ha|muy|más|tan|hago|hacer|mejor|prefiero|suena|veo|desgraciadamente|lamentablemente|por desgracia|de momento|por ahora|por el momento|va|voy|mí|ti|usted|señor|señora|amigo|tía|tío|hombre|mujer|vaya|ay|buenas|mucho|gustaría eso|le digo|seria|sería|favor|entonces|estaría|serían"},
		{whole, "todo|todos|toda|todas"},
		{very, "que|ni|nada|alguna|algún|realmente|del todo|gran|mayor"},
		{polite, "pero gracias|muchas gracias|mil gracias|gracias igual"},
	}
}
