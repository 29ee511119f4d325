package attendance

import (
	"slices"
	"time"

	"parley/engine"
)

// awayPatience is how long a consumer must have waited for an answer before an
// agent who was away too long loses the conversation: some answer while away.
const awayPatience = 5 * time.Minute

// Gone says why an agent's conversations cannot stay, "" while they can. u is
// nil for somebody who was removed. watching is since when this process looks
// without a gap: while nobody looked, nobody could show signs of life either.
func Gone(u *engine.User, s engine.DeskSettings, now, watching time.Time) engine.NoticeKind {
	switch {
	case u == nil || u.Disabled || !u.Role.Allows(engine.RoleAgent):
		return engine.NoticeDisabled
	case u.Presence == engine.Offline && !u.AssignedAt.After(u.PresenceSince) && !u.PresenceSince.IsZero():
		return engine.NoticeOffline // not those that came to her although she is offline
	case !u.There(now) && now.Sub(engine.Later(u.LostAt(), watching)) >= s.Lost():
		return engine.NoticeLost
	}
	return ""
}

// Leaves says why a conversation goes back to its queue, "" when it stays with
// its agent: the agent is gone, was away too long while the consumer waits, or
// has lost the skill.
func Leaves(conv engine.Conversation, u *engine.User, s engine.DeskSettings, now, watching time.Time) engine.NoticeKind {
	if conv.State != engine.Open || conv.Owner != engine.OwnerAgent {
		return ""
	}
	if why := Gone(u, s, now, watching); why != "" {
		return why
	}
	away := u.Presence == engine.Away || u.Presence == engine.BackSoon
	switch {
	case conv.BySkill && !slices.Contains(u.Skills, conv.Skill) && !u.Role.Allows(engine.RoleSupervisor):
		return engine.NoticeSkill
	case away && now.Sub(u.PresenceSince) >= s.Away() && !conv.WaitingSince.IsZero() && now.Sub(conv.WaitingSince) >= awayPatience:
		return engine.NoticeAway
	}
	return ""
}

// noticesAfter is how long after the last word a consumer, who does not wait for
// an answer, still has the conversation before them.
const noticesAfter = 10 * time.Minute

// notices says whether the consumer would notice that the agent is gone.
func notices(conv engine.Conversation, now time.Time) bool {
	return !conv.WaitingSince.IsZero() || now.Sub(conv.LastAt) < noticesAfter
}

// reason is the handoff's, in words for the next agent.
func reason(why engine.NoticeKind, name string) string {
	switch why {
	case engine.NoticeSignedOut:
		return name + " signed out"
	case engine.NoticeOffline:
		return name + " went offline"
	case engine.NoticeLost:
		return name + " lost the connection"
	case engine.NoticeAway:
		return name + " was away for long"
	case engine.NoticeSkill:
		return name + " no longer has the skill"
	}
	return name + " is no longer on the team"
}
