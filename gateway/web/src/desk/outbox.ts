import { api, type Event, queries, sessionQuery, unwrap } from '../api'
import { gatewayNow } from '../live/clock'
import { Shelf } from '../live/shelf'
import { caches, watchEvents } from '../live/sync'
import { type Line, place, settled, type Thread } from '../live/thread'
import { s } from '../strings'
import { tell } from '../ui/tell'
import { Dispatch, readUnsent, type Unsent } from './dispatch'
import { type Conflict, draftsStore, setDraft } from './drafts'

export type { Unsent } from './dispatch'

export const outbox = new Shelf<Unsent>('unsent', readUnsent)

/** newClientId is the key that makes a repeated send count once. crypto.randomUUID needs https, this does not. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

/** mineAfter is whether I have a conversation after what happened, as far as anything here tells. */
export function mineAfter(conversation: string, events: Event[]): boolean {
  const me = queries.getQueryData(sessionQuery.queryKey)?.user.id
  const change = events.findLast((ev) => ev.change)?.change
  if (change) return change.owner === 'agent' && change.agent === me
  const c = caches.known(conversation)
  return c?.owner === 'agent' && c.agent?.id === me
}

/** putBack gives a refused reply's words to the composer, when they can be sent from there and nothing stands there. */
function putBack(u: Unsent, conflict: Conflict): boolean {
  if (!mineAfter(u.conversation, conflict.events) || draftsStore.get()[u.conversation]?.reply) return false
  setDraft(u.conversation, { reply: u.text, mode: 'reply', conflict })
  return true
}

export const dispatch = new Dispatch({
  shelf: outbox,
  post: (u) => {
    const path = { params: { path: { id: u.conversation } } }
    return u.note
      ? unwrap(api.POST('/conversations/{id}/notes', { ...path, body: { client_id: u.client_id, text: u.text } }))
      : unwrap(api.POST('/conversations/{id}/messages', { ...path, body: { client_id: u.client_id, text: u.text, after: u.after } }))
  },
  sent: (u, message) => {
    queries.setQueryData<Thread>(['thread', u.conversation], (t) => t && settled(undefined, { ...t, lines: place(t.lines, { ...message, client_id: u.client_id }) }))
  },
  back: putBack,
  held: (u) => tell(s.composer.heldBack(caches.known(u.conversation)?.consumer.name ?? s.conversation.someone)),
  alone: async (id, f) => {
    // Only a page that came by https, or from this machine, has locks.
    if (!('locks' in navigator)) return f()
    await navigator.locks.request(`parley.send.${id}`, f)
  },
  tooOld: s.composer.tooOld,
  now: gatewayNow,
})

/** send keeps a reply or a note and gives it to the server. */
export function send(conversation: string, text: string, note: boolean, after: string) {
  void dispatch.send({ client_id: newClientId(), conversation, text, note, after, at: gatewayNow(), state: 'sending', tries: 0 })
}

/** sendAgain tries a message once more. The writer saw everything up to the cursor. */
export function sendAgain(u: Unsent, after = u.after) {
  void dispatch.send({ ...u, after, at: gatewayNow(), state: 'sending', tries: 0 })
}

watchEvents((ev) => {
  if (ev.message?.client_id) dispatch.confirm(ev.message.client_id)
})

/** lineOf draws an unsent message as the thread will show it. */
export function lineOf(u: Unsent, me: { id: string; name: string }): Line {
  return {
    id: `local:${u.client_id}`, conversation: u.conversation, seq: 0, author: 'agent', author_id: me.id, author_name: me.name, note: u.note,
    content: { text: u.text }, state: 'queued', failure: u.problem, client_id: u.client_id, at: u.at, local: u.state === 'sending' ? 'sending' : 'refused',
  }
}
