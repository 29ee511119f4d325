package sentiment_test

import (
	"strings"
	"testing"

	"parley/engine/understanding/sentiment"
)

// TestQuestionsAreNoComplaints: what people ask a shop, without a grudge.
func TestQuestionsAreNoComplaints(t *testing.T) {
	t.Parallel()
	for language, questions := range map[string]string{
		"en": `How long do I have to return something?
How long does delivery take?
How long do I have to pay?
When will my refund arrive?
What is your return policy?
Can I cancel my order?
Where is my order 10001?
Can I return it if I don't like it?
What if it does not fit?
How do I change my address?
Is there a fee for late returns?
Do I have to wait at home for the delivery?
Can I pay without a credit card?
Do you not ship to Norway?
Can I speak to a person?
How many days until it ships?
Is it possible to get it in two days?
I don't need a receipt
No, that is not the one I ordered online
How long is the warranty?
Why is the price different in the shop?
What happens if nobody is at home?
Could you call me back in an hour?
I have two orders, can you put them together?`,
		"de": `Wie lange habe ich Zeit, etwas zurückzugeben?
Wie lange dauert die Lieferung?
Wann kommt meine Rückzahlung?
Wie sind die Rückgabebedingungen?
Kann ich meine Bestellung stornieren?
Wo ist meine Bestellung 10001?
Kann ich es zurückgeben, wenn es mir nicht gefällt?
Was ist, wenn es nicht passt?
Wie ändere ich meine Adresse?
Muss ich zu Hause auf die Lieferung warten?
Kann ich ohne Kreditkarte bezahlen?
Liefern Sie nicht nach Norwegen?
Kann ich mit einem Menschen sprechen?
Wie viele Tage dauert der Versand?
Ich brauche keine Quittung
Wie lange gilt die Garantie?
Warum ist der Preis im Laden anders?
Was passiert, wenn niemand zu Hause ist?
Können Sie mich in einer Stunde zurückrufen?
Ich habe zwei Bestellungen, geht das zusammen?`,
		"es": `¿Cuánto tiempo tengo para devolver algo?
¿Cuánto tarda el envío?
¿Cuándo llega mi reembolso?
¿Cuál es la política de devoluciones?
¿Puedo cancelar mi pedido?
¿Dónde está mi pedido 10001?
¿Puedo devolverlo si no me gusta?
¿Y si no me queda bien?
¿Cómo cambio mi dirección?
¿Tengo que esperar en casa la entrega?
¿Puedo pagar sin tarjeta de crédito?
¿No envían a Noruega?
¿Puedo hablar con una persona?
¿Cuántos días tarda en salir?
No necesito recibo
¿Cuánto dura la garantía?
¿Por qué el precio es distinto en la tienda?
¿Qué pasa si no hay nadie en casa?
¿Me puede llamar en una hora?
Tengo dos pedidos, ¿pueden ir juntos?`,
		"fr": `Combien de temps ai-je pour retourner un article ?
Combien de temps prend la livraison ?
Quand arrive mon remboursement ?
Quelle est votre politique de retour ?
Puis-je annuler ma commande ?
Où est ma commande 10001 ?
Puis-je le rendre s'il ne me plaît pas ?
Et si la taille ne va pas ?
Comment changer mon adresse ?
Dois-je attendre la livraison à la maison ?
Puis-je payer sans carte de crédit ?
Vous ne livrez pas en Norvège ?
Puis-je parler à une personne ?
Combien de jours avant l'expédition ?
Je n'ai pas besoin de reçu
Combien de temps dure la garantie ?
Pourquoi le prix est-il différent en magasin ?
Que se passe-t-il si personne n'est à la maison ?
Pouvez-vous me rappeler dans une heure ?
J'ai deux commandes, peut-on les réunir ?`,
	} {
		for _, text := range strings.Split(questions, "\n") {
			if r := sentiment.Score(text, language); r.Score <= -sentiment.Edge {
				t.Errorf("%s %q: %.2f %q", language, text, r.Score, r.Words)
			}
		}
	}
}

// TestNegationsOfTwoWords: "don't" is one as "not" is.
func TestNegationsOfTwoWords(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"I don't like it", "it isn't great", "I can't recommend you", "this is far from perfect"} {
		if r := sentiment.Score(text, "en"); r.Score >= 0 {
			t.Errorf("%q: %.2f %q", text, r.Score, r.Words)
		}
	}
	if r := sentiment.Score("it isn't bad", "en"); r.Score < -0 && r.Label == "negative" {
		t.Errorf("%.2f %q", r.Score, r.Words)
	}
}
