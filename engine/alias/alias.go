package alias

import (
	"hash/fnv"
	"strconv"
	"strings"

	"parley/engine"
)

// words of one language: colours that are nouns, so that they never have to
// agree with the animal, and animals that are nobody's term of abuse.
type words struct {
	colours, animals string
	colourLast       bool   // "Loutre ambre"
	join             string // between the two
}

func wordsOf(lang string) words {
	switch base, _, _ := strings.Cut(strings.ToLower(lang), "-"); base {
	case "de":
		return words{
			colours: "Bernstein Korallen Indigo Jade Rubin Saphir Smaragd Türkis Silber Gold Kupfer Lavendel Safran Kobalt Perlmutt Zimt",
			animals: "Otter Falke Dachs Reiher Igel Luchs Puffin Koala Delfin Eisvogel Biber Panda Marder Kranich Robbe Fuchs " +
				"Kolibri Lama Elch Spatz Kauz Hirsch Schwan Zaunkönig Tukan Seestern Bison Lemur Gecko Pelikan Tapir Wombat",
			join: "-",
		}
	case "fr":
		return words{
			colours: "ambre corail indigo jade rubis saphir émeraude turquoise argent or cuivre lavande safran cobalt nacre cannelle",
			animals: "Loutre Faucon Blaireau Héron Hérisson Lynx Macareux Koala Dauphin Martin-pêcheur Castor Panda Martre Cigogne Phoque Renard " +
				"Colibri Lama Élan Moineau Hibou Cerf Cygne Roitelet Toucan Étoile-de-mer Bison Lémur Gecko Pélican Tapir Wombat",
			colourLast: true, join: " ",
		}
	case "es":
		return words{
			colours: "ámbar coral índigo jade rubí zafiro esmeralda turquesa plata oro cobre lavanda azafrán cobalto nácar canela",
			animals: "Nutria Halcón Tejón Garza Erizo Lince Frailecillo Koala Delfín Martín Castor Panda Marta Grulla Foca Fénec " +
				"Colibrí Llama Alce Gorrión Búho Ciervo Cisne Chochín Tucán Estrella-de-mar Bisonte Lémur Geco Pelícano Tapir Wombat",
			colourLast: true, join: " ",
		}
	}
	return words{
		colours: "Amber Coral Indigo Jade Ruby Sapphire Emerald Turquoise Silver Gold Copper Lavender Saffron Cobalt Pearl Cinnamon",
		animals: "Otter Falcon Badger Heron Hedgehog Lynx Puffin Koala Dolphin Kingfisher Beaver Panda Marten Crane Seal Fox " +
			"Hummingbird Llama Moose Sparrow Owl Stag Swan Wren Toucan Starfish Bison Lemur Gecko Pelican Tapir Wombat",
		join: " ",
	}
}

// Colours is how many colours there are; Colour is below it.
const Colours = 16

// parts are what the id decides, the same in each language. Two consumers in
// 46,080 have the same.
func parts(id string) (colour, animal, number int) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash never fails
	n := h.Sum64()
	n ^= n >> 29 // ids that differ in their last digit only shall differ in all three
	n *= 0xbf58476d1ce4e5b9
	n ^= n >> 32
	return int(n % Colours), int(n / Colours % 32), int(n/(Colours*32)%90) + 10
}

// Colour is the stable colour of a consumer, from 0; their avatar has it,
// whatever they are called.
func Colour(id string) int {
	c, _, _ := parts(id)
	return c
}

// Of is the name for the consumer with this id, in a language (BCP 47; English
// for those that have no words).
func Of(id, lang string) string {
	w := wordsOf(lang)
	colour, animal, number := parts(id)
	a, b := strings.Fields(w.colours)[colour], strings.Fields(w.animals)[animal]
	if w.colourLast {
		a, b = b, a
	}
	return a + w.join + b + " " + strconv.Itoa(number)
}

// Name is what the team calls a consumer in a conversation: a name, else the
// number or the e-mail address that they write from, else an alias in the
// language. Ids of visitors and of pages are no names.
func Name(c engine.Consumer, conv engine.Conversation, lang string) string {
	switch {
	case strings.TrimSpace(c.Name) != "":
		return c.Name
	case readable(conv.Address):
		return conv.Address
	}
	return Of(c.ID, lang)
}

// readable tells telephone numbers, short codes and e-mail addresses.
func readable(address string) bool {
	const shortCode = 8
	return strings.HasPrefix(address, "+") || strings.Contains(address, "@") ||
		address != "" && len(address) <= shortCode && strings.Trim(address, "0123456789") == ""
}
