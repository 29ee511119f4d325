package slots

import "strings"

func spanishNumbers() numberWords {
	v := numberWords{
		decimal: ',', and: "y", pointWords: setOf("coma punto"),
		units:        map[string]int{"zero": 0},
		articles:     setOf("un una uno"),
		scales:       map[string]float64{"mil": 1000, "millon": 1e6, "millones": 1e6, "billon": 1e12, "billones": 1e12, "trillon": 1e18, "trillones": 1e18, "cientos": 100},
		suffixes:     map[string]float64{"mio": 1e6, "mm": 1e6, "mill": 1e6, "mdd": 1e6},
		andHalf:      listed[float64](0.5, "y medio|y media"),
		dozens:       listed[float64](12.0, "docena|docena de", 2.0, "par|par de"),
		dozenWords:   map[string]float64{"docena": 12, "docenas": 12, "dz": 12, "decena": 10, "decenas": 10, "centenar": 100, "centenares": 100, "millar": 1000, "millares": 1000},
		shareWords:   listed[float64](0.5, "medio|media|un medio"),
		denominators: map[string]int{"tercio": 3, "tercios": 3, "millonesima": 1e6, "millonesimas": 1e6, "medios": 2},
		alone:        listed[float64](0.0, "ninguno|ninguna|ningun", 1.0, "un solo|una sola|una vez", 2.0, "dos veces", 12.0, "docena"),
		percents:     listed[bool](true, "por ciento|porciento|por cien|por 100"),
		ordinals:     phrases[int]{},
		ordinalUnits: map[string]int{},
		ordinalSigns: setOf("º ª o a er ero ro do ra da to ta mo ma vo va no na os as"),
		sideWords: sideWords{
			sides: listed[side](
				seeThrough, "unos|unas|cerca de|aproximadamente|aprox|aprox .|alrededor de|como|sobre|algo asi como|mas o menos|la|los|las|solo|solamente|exactamente|quiza|quizas|tal vez|es|son|somos|era|eran|de|mis|mi|nuestros|otros|otras|en total|a|al|tengo|quiero|solo quiero|que",
				negating, "no|nunca|jamas|sin|excepto|salvo|menos que|en vez de|en lugar de|ni|tampoco|ningun|no son|no es|cualquiera menos|todo menos|todos menos",
				comparing, "como mucho|cuando mucho|a lo mucho|cada|doble|triple|dividido por|dividido entre|de cada|mas de|menos de|mas que|al menos|por lo menos|como minimo|como maximo|maximo|minimo|max|max .|min|min .|como min|como max|hasta|a partir de|desde|casi|mayor que|menor que|mayor de|menor de|superior a|inferior a|no mas de|no menos de|por encima de|por debajo de|un minimo de|un maximo de|minimo de|maximo de|mas|a lo sumo",
				harmless, "no se|no lo se|no estoy seguro|no estoy segura|no solo|no hay problema|sin problema|ningun problema|no recuerdo|no mucho",
				otherKind, "a las|a la|el dia|el|del|dia",
				newClause, "pero|y|sino|porque|entonces|asi que|creo que"),
			sidesAfter: listed[side](
				openEnded, "como mucho|a lo sumo|cuando mucho|mas el|mas la|mas un|mas una|mas mi|menos|y pico|y un poco|y algo|y tantos|y tantas|y algo|o mas|o menos|como minimo|como maximo|al menos|por lo menos|maximo|minimo|en adelante|para arriba|y pico|veces mas|veces menos|y mas|si no mas",
				negating, "es demasiado|son demasiados|es mucho|son muchos|no|no son|no es|nunca",
				harmless, "mas o menos|no mas|no se|no lo se|no estoy seguro|no hay problema", newClause, "pero|sino"),
			sidesTime:      listed[bool](true, "de la manana|de la tarde|de la noche|en punto|y cuarto|menos cuarto|am|pm|a m|p m"),
			betweenNumbers: listed[side](linking, "a|hasta|al", sharing, "de|de cada|entre|por|mas|menos|sobre|dividido por|dividido entre|x", newClause, "con|y", harmless, "o|u"),
			vague:          setOf("unos unas varios varias algunos algunas muchos muchas pocos pocas cuantos cuantas par o"),
			powers:         setOf("cuadrado cubo miles"), afterOrdinal: setOf("ultimo ultima"),
			streets:  setOf("calle avenida avda plaza paseo carretera camino piso c puerta colonia"),
			notTypos: setOf("creo nuevo nueva nuevos nuevas circo cinto cierto ciertos ciento cuanto cuarto cuartos quince veintena siesta millar medio dosis tercio onces nuez veine cuatros siente siete sietes treta unos unas ochos centro"),
			plurals:  setOf("cientos millones billones"),
			codes:    setOf("terminada tarjeta termina postal cp telefono tel movil celular fax whatsapp iban"),
			eachOf:   setOf("cada"), amountTails: setOf("total efectivo cada por al a en maximo aproximadamente mas o para de solo creo ahora pagado gastado hoy manana unos nosotros"),
		},
	}
	ones := "uno/un/una dos tres cuatro cinco seis siete ocho nueve"
	counted(v.units, 0, "cero "+ones+" diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno/veintiun/veintiuna veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve")
	for i, ten := range []string{"treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"} {
		counted(v.units, 30+10*i, ten)
		for k, one := range strings.Fields(ones) { // "treintaicinco"
			for _, one := range strings.Split(one, "/") {
				v.units[ten+"i"+one], v.units[ten+"y"+one], v.units[ten[:len(ten)-1]+"i"+one] = 31+10*i+k, 31+10*i+k, 31+10*i+k
			}
		}
	}
	for i, hundred := range []string{"cien/ciento", "doscientos/doscientas", "trescientos/trescientas", "cuatrocientos/cuatrocientas", "quinientos/quinientas", "seiscientos/seiscientas", "setecientos/setecientas", "ochocientos/ochocientas", "novecientos/novecientas"} {
		counted(v.units, 100+100*i, hundred)
	}
	for i, list := range []string{"primero|primera|primer", "segundo|segunda", "tercero|tercera|tercer", "cuarto|cuarta", "quinto|quinta", "sexto|sexta", "septimo|septima", "octavo|octava", "noveno|novena", "decimo|decima"} {
		v.ordinals.add(i+1, list)
	}
	roots := map[string]int{"primer": 1, "segund": 2, "tercer": 3, "cuart": 4, "quint": 5, "sext": 6, "septim": 7, "setim": 7, "octav": 8, "noven": 9, "decim": 10, "undecim": 11, "duodecim": 12, "vigesim": 20, "trigesim": 30, "cuadragesim": 40, "quincuagesim": 50, "sexagesim": 60, "septuagesim": 70, "octogesim": 80, "nonagesim": 90, "centesim": 100, "milesim": 1000}
	for root, n := range roots {
		for ten, plus := range map[string]int{"": 0, "decimo": 10, "vigesimo": 20} {
			if ten != "" && n > 9 {
				continue
			}
			for _, end := range []string{"o", "a", "os", "as"} {
				v.ordinalUnits[ten+root+end] = plus + n
				if ten == "" && n > 3 && (end == "o" || end == "os" || n >= 10) {
					v.denominators[root+end] = n
				}
			}
			if n == 1 || n == 3 {
				v.ordinalUnits[ten+root] = plus + n
			}
		}
	}
	for _, ten := range strings.Fields("onceavo doceavo") {
		v.denominators[ten], v.denominators[ten+"s"] = v.units[ten[:4]], v.units[ten[:4]]
	}
	return v
}
