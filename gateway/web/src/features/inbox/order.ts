import type { Conversation, View } from '../../api'

/** inOrder is the queue as routing takes it (priority 1 first, then the longest wait), everything else by its newest activity. */
export function inOrder(view: View, all: Conversation[]): Conversation[] {
  return [...all].sort(view === 'queue'
    ? (a, b) => a.priority - b.priority || (a.queued_at ?? a.created_at) - (b.queued_at ?? b.created_at)
    : (a, b) => b.last_at - a.last_at)
}
