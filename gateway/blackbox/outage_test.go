package blackbox_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/twilio/twiliotest"
)

// The provider refuses connections, then fails, then is slow, and in each of
// these the process is killed and started again: everybody gets everything, once
// and in order.
func TestOutageAndKill(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	t.Parallel()
	w := newWorld(t, twiliotest.Config{}, map[string]string{"concierge.lua": echoLua})
	w.start()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	want := map[string][]string{}
	say := func(text string) {
		t.Helper()
		for i := range 6 {
			number := fmt.Sprintf("+141555504%02d", i)
			if _, _, err := w.fake.InboundUntilAcked(ctx, w.hook, twiliotest.Inbound{From: number, To: shopNumber, Body: text}); err != nil {
				t.Fatal(err)
			}
			want[number] = append(want[number], "echo: "+text, "next?")
		}
	}
	pause := func(d time.Duration) {
		select {
		case <-time.After(d):
		case <-ctx.Done():
		}
	}
	restart := func() {
		pause(3 * time.Second)
		w.kill()
		w.start()
		pause(5 * time.Second)
	}
	say("before")
	w.fake.Refuse()
	say("refused")
	restart()
	w.fake.Accept()
	w.fake.Outage(&twiliotest.Fault{Status: 500})
	say("failed")
	restart()
	w.fake.Outage(&twiliotest.Fault{Slow: 12 * time.Second})
	say("slow")
	restart()
	w.fake.Outage(nil)
	for number, all := range want {
		if _, err := w.fake.AwaitSentTo(ctx, number, len(all)); err != nil {
			t.Error(err)
		}
	}
	pause(20 * time.Second) // what is doubled would come now
	for number, all := range want {
		if diff := cmp.Diff(all, bodies(w.fake.SentTo(number))); diff != "" {
			t.Errorf("%s heard (-want +got):\n%s", number, diff)
		}
	}
	w.stop()
}
