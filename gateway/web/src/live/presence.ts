import type { Agent, Event } from '../api'

/** withPresence is an agent after a presence event. */
export function withPresence(a: Agent, p: NonNullable<Event['presence']>, at: number): Agent {
  const { presence_reason: _was, ...rest } = a
  return {
    ...rest, presence: p.presence, seen: p.seen,
    ...(p.presence === a.presence ? {} : { presence_since: at }),
    ...(p.reason ? { presence_reason: p.reason as NonNullable<Agent['presence_reason']> } : {}),
  }
}
