package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/gateway/app"
)

// hostileChild tells the test binary that it is the process to measure.
const hostileChild = "GATEWAY_HOSTILE_CHILD"

// program is one hostile bot.
type program struct{ name, source string }

func hostilePrograms(t *testing.T) []program {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "botscripts", "sandbox", "testdata", "hostile.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var out []program
	for _, row := range strings.Split(string(raw), "\n") {
		if name, source, ok := strings.Cut(row, "\t"); ok && !strings.HasPrefix(row, "#") {
			// Bots have a require and an os of their own, which read the bundle and the journal.
			source = strings.NewReplacer(" or require", "", " or os", "").Replace(source)
			out = append(out, program{name, source})
		}
	}
	if len(out) < 30 {
		t.Fatalf("only %d programs", len(out))
	}
	return out
}

// Every hostile program runs as a bot of a gateway that goes on answering
// others: each ends in a value or with an agent who sees why, and the process
// stays small. It is a process of its own, so that its memory can be measured.
func TestHostileBots(t *testing.T) {
	if os.Getenv(hostileChild) != "" {
		hostileBots(t)
		return
	}
	t.Parallel()
	if testing.Short() {
		t.Skip("runs every hostile program")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, exe, "-test.run=^TestHostileBots$", "-test.v", "-test.timeout=4m")
	cmd.Env = append(os.Environ(), hostileChild+"=1")
	out, err := cmd.CombinedOutput()
	t.Logf("%s", tail(string(out)))
	if err != nil {
		t.Fatal(err)
	}
}

// echoLua ends after some words: nobody writes sixty in a minute, which is a storm.
const echoLua = `return function(chat)
  local said = chat.opening.text
  for _ = 1, 40 do said = chat:ask("echo: " .. said).text end
  chat:say("echo: " .. said)
end
`

func hostileBots(t *testing.T) {
	programs := hostilePrograms(t)
	fake := newFake(t, twiliotest.Config{})
	channels := texting("echo", "echo", "+14155550000", fake)
	files := map[string]string{"bots/echo.lua": echoLua}
	for i, p := range programs {
		bot := fmt.Sprintf("hostile-%d", i)
		channels += texting(bot, bot, number(i), fake)
		files["bots/"+bot+".lua"] = "return function(chat)\nlocal function run()\n" + p.source +
			"\nend\nchat:say(\"value \" .. tostring(run()))\nend\n"
	}
	files["brand.yaml"] = fmt.Sprintf(shopYAML, channels)
	s := start(t, map[string]string{"data": t.TempDir(), "egress_allow": strings.TrimPrefix(fake.URL(), "http://")},
		func(o *app.Options) { o.Folder = loaded(t, files) })

	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	over := make(chan struct{})
	var friends sync.WaitGroup
	var slowest [4]time.Duration
	var answered [4]int
	for i := range slowest {
		friends.Go(func() { answered[i], slowest[i] = talk(ctx, t, s, fake, fmt.Sprintf("+1415555010%d", i), over) })
	}
	// A wave at a time, and all once more together.
	const wave = 6
	for from := 0; from < len(programs); from += wave {
		s.provoke(ctx, fake, programs, from, min(from+wave, len(programs)), "+1415555020")
	}
	s.provoke(ctx, fake, programs, 0, len(programs), "+1415555021")
	close(over)
	friends.Wait()
	t.Logf("echoes %v, slowest %v", answered, slowest)
	for i := range slowest {
		if answered[i] < 3 {
			t.Errorf("friend %d got only %d answers", i, answered[i])
		}
	}
	peak := peakMemory(t)
	t.Logf("peak memory %d MB", peak)
	if peakMegabytes > 0 && peak > peakMegabytes {
		t.Errorf("peak memory %d MB, the limit is %d MB", peak, peakMegabytes)
	}
}

func number(i int) string { return fmt.Sprintf("+1415556%04d", i) }

// mostWords is how much a friend says: who answers a bot at once thirty times is taken for a machine.
const mostWords = 25

// talk writes to the echo bot until over is closed. Each answer must come.
func talk(ctx context.Context, t *testing.T, s *site, fake *twiliotest.Server, from string, over <-chan struct{}) (n int, slowest time.Duration) {
	for ; ; n++ {
		select {
		case <-over:
			return n, slowest
		default:
		}
		if n == mostWords {
			select {
			case <-over:
			case <-ctx.Done():
			}
			return n, slowest
		}
		began := time.Now()
		text := fmt.Sprintf("word %d", n)
		if reply, err := fake.Inbound(ctx, s.hook("shop.echo"), twiliotest.Inbound{From: from, To: "+14155550000", Body: text}); err != nil || reply.Status != 200 {
			t.Errorf("%s, message %d: %v, %d", from, n, err, reply.Status)
			return n, slowest
		}
		wait, cancel := context.WithTimeout(ctx, patience)
		got, err := fake.AwaitSentTo(wait, from, n+1)
		cancel()
		if err != nil || len(got) != n+1 || got[n].Body != "echo: "+text {
			t.Errorf("%s, message %d: %d answers, %v", from, n, len(got), err)
			return n, slowest
		}
		slowest = max(slowest, time.Since(began))
	}
}

// provoke starts programs at once and waits until each has come to its end.
func (s *site) provoke(ctx context.Context, fake *twiliotest.Server, programs []program, from, to int, who string) {
	s.t.Helper()
	began := time.Now()
	consumer := func(i int) string { return fmt.Sprintf("%s%02d", who, i) }
	for i := from; i < to; i++ {
		reply, err := fake.Inbound(ctx, s.hook(fmt.Sprintf("shop.hostile-%d", i)), twiliotest.Inbound{From: consumer(i), To: number(i), Body: "go"})
		if err != nil || reply.Status != 200 {
			s.t.Fatalf("%s: %v, %d", programs[i].name, err, reply.Status)
		}
	}
	for i := from; i < to; i++ {
		name, end := programs[i].name, ""
		s.eventually(name+" ends", func() bool {
			end = s.ending(fmt.Sprintf("shop.hostile-%d", i), consumer(i))
			return end != ""
		})
		switch {
		case strings.HasPrefix(end, "internal"):
			s.t.Errorf("%s: %s", name, end)
		case name == "40_names" && end != "value nil", name == "33_num_metatable" && !strings.HasPrefix(end, "error"):
			s.t.Errorf("%s: %s", name, end)
		}
		s.t.Logf("%-22s %5d ms  %s", name, time.Since(began).Milliseconds(), end)
	}
}

// ending is the value that the bot said, or the fault that the agent sees; ""
// while there is neither.
func (s *site) ending(channel, address string) (end string) {
	s.view(func(tx engine.Tx) error {
		events, err := tx.Events().List(engine.EventFilter{Brand: "shop", Limit: 100_000})
		if err != nil {
			return err
		}
		var conv engine.Conversation
		for _, ev := range events {
			if ev.Kind != engine.EventOpened {
				continue
			}
			c, err := tx.Conversations().Get("shop", ev.Conversation)
			if err != nil {
				return err
			}
			if c.Channel == channel && c.Address == address {
				conv = c
			}
		}
		for _, ev := range events {
			if ev.Conversation != conv.ID {
				continue
			}
			switch ev.Kind {
			case engine.EventMessage:
				var m engine.MessageData
				if err := json.Unmarshal(ev.Data, &m); err != nil {
					return err
				}
				if m.Author == engine.AuthorBot && strings.HasPrefix(m.Content.Text, "value ") {
					end = m.Content.Text
				}
			case engine.EventBotFailed:
				var f engine.Fault
				if err := json.Unmarshal(ev.Data, &f); err != nil {
					return err
				}
				h := conv.Handoff
				if conv.Owner != engine.OwnerQueue || h == nil || h.Reason == "" || h.Trace == "" {
					s.t.Errorf("the agent does not see why the bot on %s failed: %s %+v", channel, conv.Owner, h)
				}
				end = fmt.Sprintf("%s at %s:%d: %s", f.Kind, f.File, f.Line, f.Message)
			}
		}
		return nil
	})
	return end
}

// peakMemory is the most resident memory that this process ever had, in MB.
func peakMemory(t *testing.T) int {
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skipf("cannot be measured here: %v", err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return kb >> 10
		}
	}
	t.Fatal("no VmHWM")
	return 0
}
