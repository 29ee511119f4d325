package routing

import (
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

// Paced is the pace after an agent took a conversation that had waited since
// entered. What counts is the time from the take before, or from entered when
// that was later: so long the queue took for one while somebody waited.
func Paced(p engine.QueuePace, entered, now time.Time) engine.QueuePace {
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
func Status(s Snapshot, skill string, pace engine.QueuePace) engine.QueueStatus {
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
	pace, err := tx.Queue().Pace(brand.ID, skill)
	if unlessGone(err) != nil {
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

// keepPace notes that an agent took a conversation out of the queue. One that
// waited for a certain agent says nothing about the others.
func keepPace(tx engine.Tx, e engine.QueueEntry, now time.Time) error {
	if e.Agent != "" {
		return nil
	}
	p, err := tx.Queue().Pace(e.Brand, e.Skill)
	if unlessGone(err) != nil {
		return err
	}
	p.Brand, p.Skill = e.Brand, e.Skill
	entered := e.EnteredAt
	if e.ReturnedAt.After(entered) {
		entered = e.ReturnedAt // an agent had it until then
	}
	return tx.Queue().SavePace(Paced(p, entered, now))
}
