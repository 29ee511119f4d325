package blackbox_test

import (
	"net/http"
	"testing"

	"parley/engine"
	"parley/gateway/api"
)

// What a consumer writes angrily is heard, and an agent who knows better is listened to.
func TestTone(t *testing.T) {
	t.Parallel()
	const kay = "+14155550121"
	w, ana, _ := staffed(t, usual)
	w.says(kay, "This is terrible, I am very angry!")
	w.hears(kay, "Hi, I'm Robin, a bot.", "What is your order number?")
	conv := ana.one(kay)
	if conv.Mood == nil || conv.Mood.Tone != engine.ToneNegative {
		t.Fatalf("the mood is %+v", conv.Mood)
	}
	said := ana.messages(conv.Id)[0]
	if said.Heard == nil || said.Heard.Tone != engine.ToneNegative || said.Heard.By != nil {
		t.Errorf("heard %+v", said.Heard)
	}
	judge := func(tone string, answer any) *http.Response {
		return ana.request("POST", "/conversations/"+conv.Id+"/messages/"+said.Id+"/tone", map[string]string{"tone": tone}, answer)
	}
	if resp := judge("furious", nil); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("an unknown tone: %d", resp.StatusCode)
	}
	var judged api.Message
	if resp := judge("positive", &judged); resp.StatusCode != http.StatusOK {
		t.Fatalf("judging: %d", resp.StatusCode)
	}
	if judged.Heard == nil || judged.Heard.Tone != engine.TonePositive || judged.Heard.By == nil || *judged.Heard.By != "agent:"+ana.id {
		t.Errorf("judged %+v", judged.Heard)
	}
	if mood := ana.one(kay).Mood; mood == nil || mood.Tone != engine.TonePositive {
		t.Errorf("the mood is %+v", mood)
	}
	w.stop()
	w.start()
	if mood := ana.one(kay).Mood; mood == nil || mood.Tone != engine.TonePositive {
		t.Errorf("after a restart the mood is %+v", mood)
	}
	w.stop()
}
