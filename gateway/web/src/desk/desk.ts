import { createContext, use } from 'react'
import { api, type Event, sessionQuery, unwrap } from '../api'
import type { Live } from '../live/live'
import { browserBox, claim, claimed, disclaim, isOwnerKey, Shelf } from '../live/shelf'
import { useStore } from '../live/store'
import { place, settled, type Thread } from '../live/thread'
import { s } from '../strings'
import { tell } from '../ui/tell'
import { Dispatch, readUnsent, type Unsent } from './dispatch'
import { type Conflict, type Draft, readDraft } from './drafts'

/** newClientId is the key that makes a repeated send count once. crypto.randomUUID needs https, this does not. */
function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

/** Desk is what belongs to whoever is signed in: what was typed, what is on its way, what was not seen yet. */
export class Desk {
  /** What was typed and not sent, by conversation. */
  readonly drafts = new Shelf<Draft>('draft', readDraft)
  /** What the server has not confirmed, by client id. */
  readonly outbox = new Shelf<Unsent>('unsent', readUnsent)
  readonly dispatch: Dispatch
  user?: string
  private readonly shelves: Pick<Shelf<unknown>, 'open' | 'heard'>[]

  constructor(readonly live: Live) {
    this.shelves = [this.drafts, this.outbox, live.unread.shelf]
    this.dispatch = new Dispatch({
      shelf: this.outbox,
      post: (u) => {
        const path = { params: { path: { id: u.conversation } } }
        return u.note
          ? unwrap(api.POST('/conversations/{id}/notes', { ...path, body: { client_id: u.client_id, text: u.text } }))
          : unwrap(api.POST('/conversations/{id}/messages', { ...path, body: { client_id: u.client_id, text: u.text, after: u.after } }))
      },
      sent: (u, message) => {
        live.queries.setQueryData<Thread>(['thread', u.conversation], (t) => t && settled(undefined, { ...t, lines: place(t.lines, { ...message, client_id: u.client_id }) }))
      },
      back: (u, conflict) => this.putBack(u, conflict),
      held: (u) => tell(s.desk.heldBack(live.caches.known(u.conversation)?.consumer.name ?? s.desk.someone)),
      alone: async (id, f) => {
        // Only a page that came by https, or from this machine, has locks.
        if (!('locks' in navigator)) return f()
        await navigator.locks.request(`parley.send.${id}`, f)
      },
      tooOld: s.desk.tooOld,
      now: live.clock.now,
    })
    live.watch((ev) => {
      if (ev.message?.client_id) this.dispatch.confirm(ev.message.client_id)
    })
    live.link.watch(() => {
      if (live.link.get().state === 'live') this.dispatch.resend()
    })
  }

  setDraft(id: string, change: Draft) {
    const draft: Draft = { ...this.drafts.get()[id], ...change }
    // Without its words a conflict tells nothing.
    if (!draft.reply) delete draft.conflict
    if (draft.reply || draft.note || draft.mode === 'note') this.drafts.put(id, draft)
    else this.drafts.drop(id)
  }

  /** send keeps a reply or a note and gives it to the server. */
  send(conversation: string, text: string, note: boolean, after: string) {
    this.sendAgain({ client_id: newClientId(), conversation, text, note, after, at: 0, state: 'sending', tries: 0 })
  }

  /** sendAgain tries a message once more. The writer saw everything up to the cursor. */
  sendAgain(u: Unsent, after = u.after) {
    void this.dispatch.send({ ...u, after, at: this.live.clock.now(), state: 'sending', tries: 0 })
  }

  /** enter opens what the user left here, and deletes what others did. It is false when this page has shown somebody else's: load it anew. */
  enter(user: string): boolean {
    if (this.user === user) return true
    const first = this.user === undefined
    if (!first) this.shut()
    this.user = user
    claim(user)
    if (first) this.shelves.forEach((k) => k.open(user))
    return first
  }

  /** leave deletes everything, at sign-out. */
  leave() {
    this.shut()
    this.user = undefined
    disclaim()
  }

  /** follow takes over what other tabs do; gone is called when somebody else has signed in, or this person out. */
  follow(gone: () => void) {
    const ends = new AbortController()
    const { signal } = ends
    window.addEventListener('storage', (e) => {
      if (this.user === undefined || (e.storageArea !== null && e.storageArea !== browserBox())) return
      if ((isOwnerKey(e.key) || e.key === null) && claimed() !== undefined && claimed() !== this.user) return gone()
      if (isOwnerKey(e.key) && claimed() === undefined) return gone()
      if (e.key === null) claim(this.user)
      this.shelves.forEach((k) => k.heard(e.key))
    }, { signal })
    window.addEventListener('pagehide', () => this.live.unread.keep(), { signal })
    window.addEventListener('beforeunload', (e) => {
      // Where storage is full or forbidden, words would go with the page.
      if (this.drafts.unsaved() || this.outbox.unsaved()) e.preventDefault()
    }, { signal })
    return () => ends.abort()
  }

  /** mineAfter is whether I have a conversation after what happened, as far as anything here tells. */
  private mineAfter(conversation: string, events: Event[]): boolean {
    const me = this.live.queries.getQueryData(sessionQuery.queryKey)?.user.id
    const change = events.findLast((ev) => ev.change)?.change
    if (change) return change.owner === 'agent' && change.agent === me
    const c = this.live.caches.known(conversation)
    return c?.owner === 'agent' && c.agent?.id === me
  }

  /** putBack gives a refused reply's words to the composer, when they can be sent from there and nothing stands there. */
  private putBack(u: Unsent, conflict: Conflict): boolean {
    if (!this.mineAfter(u.conversation, conflict.events) || this.drafts.get()[u.conversation]?.reply) return false
    this.setDraft(u.conversation, { reply: u.text, mode: 'reply', conflict })
    return true
  }

  private shut() {
    this.dispatch.stop()
    this.drafts.shut()
    this.outbox.shut()
    this.live.unread.forget()
  }
}

export const DeskContext = createContext<Desk | undefined>(undefined)

export function useDesk(): Desk {
  const desk = use(DeskContext)
  if (!desk) throw new Error('there is no desk around this')
  return desk
}

/** Words that were typed or sent and have not reached the server. */
export type Words = { conversation: string; text: string }

/** useUnsentWords is what ends with the session. */
export function useUnsentWords(): Words[] {
  const desk = useDesk()
  const [unsent, drafts] = [useStore(desk.outbox), useStore(desk.drafts)]
  const typed = Object.entries(drafts).flatMap(([conversation, d]) => [d.reply, d.note].map((text) => ({ conversation, text: text?.trim() ?? '' })))
  return [...Object.values(unsent), ...typed].filter((w) => w.text !== '').map(({ conversation, text }) => ({ conversation, text }))
}
