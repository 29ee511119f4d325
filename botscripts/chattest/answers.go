package chattest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/log/recording"
)

// stubs writes the answers from outside as what the test begins with.
func (x *exporter) stubs() {
	known := map[string]bool{} // values and queues that have a line
	for i, a := range x.rec.Answers {
		args, _ := engine.ArgumentsOf(a.Args) // long ones are cut, and then unknown
		switch {
		case strings.HasPrefix(a.Call, engine.CallHTTP):
			x.httpStub(i, a, args.Method, args.URL)
		case args.Key != "" && !known["store."+args.Key]: // nothing else from outside has a key
			known["store."+args.Key] = true
			x.value(a, args.Key)
		case a.Call == engine.CallQueue && !known["queue."+args.Skill]:
			known["queue."+args.Skill] = true
			x.queue(a, cmp.Or(args.Skill, x.brand.Brand.Settings.DefaultSkill))
		case a.Call == engine.CallIdentities && !known[a.Call]:
			known[a.Call] = true
			x.identities(a)
		case a.Call == engine.CallHistory && !known[a.Call]:
			known[a.Call] = true
			x.past(a)
		}
	}
}

func (x *exporter) httpStub(i int, a recording.Answer, method, url string) {
	var r engine.HTTPResponse
	if json.Unmarshal(a.Answer, &r) != nil || r.Status == 0 && r.Error == "" {
		return
	}
	if url == "" {
		method, url = "*", "*"
	} else {
		url = pattern(x.mask.text(url))
	}
	r.Body = strings.ReplaceAll(x.mask.text(r.Body), "\r", "")
	kept := map[string]string{}
	for name, value := range r.Header {
		switch strings.ToLower(name) {
		case "retry-after", "location", "link":
			kept[name] = x.mask.text(value)
		case "content-type":
			if !json.Valid([]byte(r.Body)) {
				kept[name] = value
			}
		}
	}
	if r.Header = kept; len(kept) == 0 {
		r.Header = nil
	}
	r.Error = blanks(r.Error)
	stub := &Stub{Method: method, URL: url, Answer: r}
	same := slices.ContainsFunc(x.test.Steps, func(s Step) bool {
		return s.Stub != nil && stubLines(*s.Stub) == stubLines(*stub)
	})
	if same && !x.varies(i, a) {
		return
	}
	x.add(Step{Kind: KindHTTP, Stub: stub})
}

// varies says whether a call with the same arguments was also answered otherwise.
func (x *exporter) varies(i int, a recording.Answer) bool {
	for j, b := range x.rec.Answers {
		if j != i && b.Call == a.Call && b.Hash == a.Hash && string(b.Answer) != string(a.Answer) {
			return true
		}
	}
	return false
}

// value writes what a key held before the bot touched it.
func (x *exporter) value(a recording.Answer, key string) {
	var v engine.ValueAnswer
	if a.Call != engine.CallStoreGet && a.Call != engine.CallStoreIncrement || json.Unmarshal(a.Answer, &v) != nil || v.Data == nil {
		return
	}
	x.add(Step{Kind: KindGiven, Name: "store." + x.mask.text(key), Text: x.mask.text(string(v.Data))})
}

func (x *exporter) queue(a recording.Answer, skill string) {
	var q engine.QueueStatus
	if json.Unmarshal(a.Answer, &q) != nil || !hasSkill(x.brand, skill) {
		return
	}
	open := "open"
	if !q.Open {
		open = "closed"
	}
	x.add(Step{Kind: KindQueue, Name: skill, Args: []Arg{
		{"", open}, {"waiting", strconv.Itoa(q.Waiting)}, {"online", strconv.Itoa(q.Online)},
		{"expected", strconv.FormatFloat(q.Expected, 'f', -1, 64)},
	}})
}

func hasSkill(b brandfolder.Brand, id string) bool {
	return slices.ContainsFunc(b.Skills, func(s engine.Skill) bool { return s.ID == id })
}

// identities writes all but the conversation's own address.
func (x *exporter) identities(a recording.Answer) {
	var list []engine.Identity
	if json.Unmarshal(a.Answer, &list) != nil {
		return
	}
	for _, id := range list {
		if id.Kind != x.rec.Kind || id.Address != x.rec.Address {
			x.add(Step{Kind: KindIdentity, Name: string(id.Kind), Text: x.mask.text(id.Address)})
		}
	}
}

func (x *exporter) past(a recording.Answer) {
	var list []engine.PastConversation
	if json.Unmarshal(a.Answer, &list) != nil {
		return
	}
	for _, p := range list {
		s := Step{Kind: KindPast, Args: []Arg{{"outcome", pattern(p.Outcome)}}}
		if p.Skill != "" {
			s.Args = append(s.Args, Arg{"skill", p.Skill})
		}
		if p.Summary != "" {
			s.Args = append(s.Args, Arg{"summary", pattern(x.mask.text(p.Summary))})
		}
		for _, tag := range p.Tags {
			s.Args = append(s.Args, Arg{"tag", pattern(x.mask.text(tag))})
		}
		x.add(s)
	}
}
