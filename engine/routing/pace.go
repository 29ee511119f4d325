package routing

import (
	"encoding/json"
	"math"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/hours"
)

const (
	// paceShare is how much of the pace the latest conversation makes up.
	paceShare = 0.2
	// paceInstant is a wait so short that an agent must have been free: it says
	// nothing about how soon the next one will be.
	paceInstant = 2 * time.Second
	// paceLongest bounds what one conversation says: a night without agents is no pace.
	paceLongest = time.Hour
	// paceStale is how long a pace says something about now.
	paceStale = 24 * time.Hour
)

// Pace is how fast a skill's queue moved lately.
type Pace struct {
	// Interval is from one conversation that an agent took to the next, while somebody
	// waited; 0 when nobody ever did.
	Interval time.Duration `json:"interval"`
	TakenAt  time.Time     `json:"taken_at"` // the last one
}

const paceName = "queue.pace"

// PaceProjection keeps the pace of each skill, as the assignments in the log tell it.
func PaceProjection() engine.Projection {
	return engine.Projection{Name: paceName, Version: 1, Kinds: []engine.EventKind{engine.EventOwner}, Apply: keepPace}
}

func paceKey(brand, skill string) string { return brand + "/" + skill }

// paceOf is zero for a queue that nobody was ever taken out of.
func paceOf(tx engine.Tx, key string) (p Pace, err error) {
	row, err := tx.Projections().Row(paceName, key)
	if err == nil {
		err = json.Unmarshal(row.Value, &p)
	}
	return p, engine.UnlessGone(err)
}

// keepPace counts the conversations that agents took out of the queue. One that
// waited for a certain agent says nothing about the others.
func keepPace(tx engine.Tx, events []engine.Event) error {
	now := map[string]Pace{}
	for _, e := range events {
		var d engine.ConversationData
		if json.Unmarshal(e.Data, &d) != nil || d.Waited == nil || d.Waited.For != "" {
			continue
		}
		key := paceKey(e.Brand, d.Skill)
		p, ok := now[key]
		if !ok {
			var err error
			if p, err = paceOf(tx, key); err != nil {
				return err
			}
		}
		now[key] = Paced(p, time.UnixMilli(d.Waited.Since), e.At)
	}
	for key, p := range now {
		if err := tx.Projections().SaveRow(paceName, engine.ProjectionRow{Key: key, Value: engine.JSON(p)}); err != nil {
			return err
		}
	}
	return nil
}

// Paced is the pace after an agent took a conversation that had waited since
// entered. What counts is the time from the take before, or from entered when
// that was later: so long the queue took for one while somebody waited.
func Paced(p Pace, entered, now time.Time) Pace {
	from := entered
	if p.TakenAt.After(from) {
		from = p.TakenAt
	}
	p.TakenAt = now
	if now.Sub(entered) < paceInstant {
		return p
	}
	took := min(max(0, now.Sub(from)), paceLongest)
	if p.Interval == 0 {
		p.Interval = took
	} else {
		p.Interval += time.Duration(paceShare * float64(took-p.Interval))
	}
	return p
}

// Status says how the queue of a skill stands for one more conversation, hours
// apart. s.Waiting holds those that are offered, too. Online counts the agents
// who would be asked: those with the skill or, when none of them is there, those
// of the first fallback with somebody. Expected is
//
//   - 0 when nobody waits and one of them has room;
//   - -1 when none of them is there, or when the queue has not moved for a day
//     or never kept anybody waiting, so that there is no pace;
//   - else the pace times the new one's place in the queue, in whole seconds.
//     The pace is no better than the time since the queue last moved.
func Status(s Snapshot, skill string, pace Pace) engine.QueueStatus {
	st := engine.QueueStatus{Expected: -1}
	var oldest time.Time
	for _, e := range s.Waiting {
		if e.Skill != skill {
			continue
		}
		st.Waiting++
		if oldest.IsZero() || e.EnteredAt.Before(oldest) {
			oldest = e.EnteredAt
		}
	}
	m := newMatcher(s)
	_, p := m.pool(&engine.QueueEntry{Skill: skill})
	if p == nil {
		return st
	}
	st.Online = len(p.present)
	if st.Waiting == 0 && m.roomFor(p, weight(m.skills[skill])) {
		st.Expected = 0
		return st
	}
	if pace.Interval == 0 || s.Now.Sub(pace.TakenAt) > paceStale {
		return st
	}
	interval := pace.Interval
	if st.Waiting > 0 {
		still := oldest
		if pace.TakenAt.After(still) {
			still = pace.TakenAt
		}
		interval = max(interval, s.Now.Sub(still))
	}
	st.Expected = math.Ceil(interval.Seconds() * float64(st.Waiting+1))
	return st
}

// QueueStatus is Status as the transaction sees it, with the hours. skill ""
// takes the brand's default; a skill that the brand does not have is closed.
func QueueStatus(tx engine.Tx, entry catalog.Entry, skill string, now time.Time) (engine.QueueStatus, error) {
	brand := entry.Brand
	if skill == "" {
		skill = brand.Settings.DefaultSkill
	}
	sk, ok := entry.Skill(skill)
	if !ok {
		return engine.QueueStatus{Expected: -1}, nil
	}
	s := Snapshot{Now: now, Skills: entry.Skills}
	var err error
	if s.Waiting, err = tx.Queue().List(brand.ID); err != nil {
		return engine.QueueStatus{}, err
	}
	users, err := tx.Users().List(brand.ID)
	if err != nil {
		return engine.QueueStatus{}, err
	}
	if s.Agents, err = agents(tx, brand.ID, users, now); err != nil {
		return engine.QueueStatus{}, err
	}
	pace, err := paceOf(tx, paceKey(brand.ID, skill))
	if err != nil {
		return engine.QueueStatus{}, err
	}
	st := Status(s, skill, pace)
	open := brand.Settings.Hours
	if sk.Hours != nil {
		open = *sk.Hours
	}
	st.Open = hours.IsOpen(open, brand.Settings.TimeZone, now)
	return st, nil
}
