import type { Content, Conversation, Event } from '../api'

/** previewOf is the start of a message in one line. */
export function previewOf(c: Content | undefined): string {
  return c?.text ?? c?.picked?.label ?? c?.cards?.[0]?.title ?? c?.media?.[0]?.name ?? c?.media?.[0]?.kind ?? c?.location?.name ?? ''
}

function afterMessage(c: Conversation, ev: Event): Conversation {
  const m = ev.message
  if (!m || m.at < c.last_at || m.note || m.author === 'system') return c
  const next: Conversation = { ...c, last_at: m.at, preview: previewOf(m.content), preview_author: m.author }
  if (m.author === 'consumer') next.waiting_since = c.waiting_since ?? m.at
  else delete next.waiting_since
  if (ev.mood) next.mood = ev.mood
  return next
}

/** afterMark shows the words that the last message has now. */
const afterMark = (c: Conversation, ev: Event): Conversation =>
  ev.marked?.preview === undefined || (ev.rev !== undefined && ev.rev < c.rev) ? c : { ...c, preview: ev.marked.preview }

/** afterMood takes how the consumer sounds, unless something newer was said since. */
const afterMood = (c: Conversation, ev: Event): Conversation =>
  !ev.mood || ev.at < c.last_at || (ev.mood.score === c.mood?.score && ev.mood.tone === c.mood.tone) ? c : { ...c, mood: ev.mood }

/** withRev keeps the revision that a command must name: every message moves it on. */
function withRev(c: Conversation, ev: Event): Conversation {
  return ev.rev !== undefined && ev.rev > c.rev ? { ...c, rev: ev.rev } : c
}

function afterChange(c: Conversation, ev: Event): Conversation {
  const change = ev.change
  if (!change || change.rev < c.rev) return c
  const next: Conversation = {
    ...c,
    state: change.state,
    owner: change.owner,
    rev: change.rev,
    skill: change.skill ?? c.skill,
    tags: change.tags ?? c.tags,
    outcome: change.outcome ?? c.outcome,
  }
  if (change.agent) next.agent = { id: change.agent, name: change.agent_name ?? c.agent?.name ?? '' }
  else delete next.agent
  if (change.owner === 'queue') next.queued_at = c.queued_at ?? ev.at
  else delete next.queued_at
  if (change.owner !== 'queue') delete next.offer
  if (change.owner !== c.owner || change.agent !== c.agent?.id) {
    delete next.agent_there // of the agent before
    delete next.waits_for
  }
  if (change.owner === 'queue' && change.reason) next.reason = change.reason
  if (change.state === 'closed') {
    next.closed_at = c.closed_at ?? ev.at
    delete next.waiting_since
  }
  return next
}

/**
 * applyToConversation is a conversation after one of its events. Old events (a lower rev, an earlier message) and
 * repeated ones change nothing.
 */
export function applyToConversation(c: Conversation, ev: Event): Conversation {
  if (ev.conversation !== c.id) return c
  switch (ev.kind) {
    case 'message':
      return withRev(afterMessage(c, ev), ev)
    case 'marked':
      return withRev(afterMark(c, ev), ev)
    case 'mood':
      return afterMood(c, ev)
    case 'opened':
    case 'owner':
    case 'closed':
    case 'updated':
      return afterChange(c, ev)
    case 'offered': {
      if (!ev.offer?.expires_at || c.owner !== 'queue') return c
      return { ...c, offer: { agent: { id: ev.offer.agent, name: ev.offer.agent_name ?? '' }, expires_at: ev.offer.expires_at } }
    }
    case 'offer_ended': {
      if (!c.offer || c.offer.agent.id !== ev.offer?.agent) return c
      const { offer: _ended, ...rest } = c
      return rest
    }
    default:
      return c
  }
}
