import type { Conversation, StateFilter, View } from '../../api'

/** inOrder is the queue as routing takes it (priority 1 first, then the longest wait), everything else by its newest activity. */
export function inOrder(view: View, all: Conversation[]): Conversation[] {
  return [...all].sort(view === 'queue'
    ? (a, b) => a.priority - b.priority || (a.queued_at ?? a.created_at) - (b.queued_at ?? b.created_at)
    : (a, b) => b.last_at - a.last_at)
}

/** belongs is whether a patched conversation still is in the view, until the server's next page says so. */
export function belongs(c: Conversation, view: View, state: StateFilter, me: string): boolean {
  if (view === 'mine') return c.state === 'open' && c.agent?.id === me
  if (view === 'queue') return c.state === 'open' && c.owner === 'queue'
  return state === 'any' || c.state === state
}
