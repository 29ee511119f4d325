import { advance, rank, type DeliveryState } from '../text/delivery'
import type { Author, Brand, Content, Frame, Message, Page, Said, Session, Status } from './wire'

// The widget's state and how it changes: pure, so that every order of arrival can be tested.

export type Progress = DeliveryState | 'sending'

export interface Entry {
  id: string // the client id until the gateway has given one
  clientId?: string
  author: Author
  name?: string
  content: Content
  state: Progress
  at: number
  pending: boolean // not yet taken by the gateway
  seen: boolean // was on screen, open and visible
  error?: string // why it was refused, in the gateway's words
}

export type Phase = 'idle' | 'connecting' | 'live' | 'lost'

// Why a chat is not there, beside a connection that is lost: its channel is gone, the site may not show it, the page's policy
// forbids to connect.
export type Why = 'gone' | 'barred' | 'blocked'

export interface State {
  phase: Phase
  why?: Why
  detail?: string // in the gateway's words
  visitor?: string
  brand?: Brand
  entries: Entry[] // taken messages in the gateway's order, then pending ones
  more: boolean // older messages exist
  older: boolean // a page of older messages is on its way
  loaded: boolean
  status: Status
  typing?: { author: Author; name?: string }
  cursor?: string
}

export type Action =
  | { type: 'phase'; phase: Phase; why?: Why; detail?: string }
  | { type: 'session'; session: Pick<Session, 'visitor' | 'brand'> }
  | { type: 'page'; page: Page } // the newest messages
  | { type: 'older'; page?: Page } // a page before the oldest; without a page it has only been asked for
  | { type: 'queued'; clientId: string; said: Said; at: number; failed?: boolean }
  | { type: 'accepted'; message: Message }
  | { type: 'refused'; clientId: string; error?: string }
  | { type: 'retried'; clientId: string }
  | { type: 'frame'; frame: Frame }
  | { type: 'quiet' } // a typing notice has run out
  | { type: 'seen' }

export const initial: State = { phase: 'idle', entries: [], more: false, older: false, loaded: false, status: { open: false, owner: 'none' } }

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'phase':
      return state.phase === action.phase && state.why === action.why ? state : { ...state, phase: action.phase, why: action.why, detail: action.detail, typing: action.phase === 'live' ? state.typing : undefined }
    case 'session':
      return session(state, action.session)
    case 'page':
      return page(state, action.page)
    case 'older':
      return action.page ? prepend(state, action.page) : { ...state, older: true }
    case 'queued':
      return queue(state, action)
    case 'accepted':
      return upsert(state, action.message)
    case 'refused':
      return change(state, (e) => e.pending && e.clientId === action.clientId, (e) => ({ ...e, state: 'failed', error: action.error }))
    case 'retried':
      return change(state, (e) => e.pending && e.clientId === action.clientId, (e) => ({ ...e, state: 'sending', error: undefined }))
    case 'frame':
      return frame(state, action.frame)
    case 'quiet':
      return state.typing ? { ...state, typing: undefined } : state
    case 'seen':
      return change(state, (e) => !e.seen, (e) => ({ ...e, seen: true }))
  }
}

// change returns the very same state when nothing matches, so that nothing is drawn again.
function change(state: State, match: (e: Entry) => boolean, edit: (e: Entry) => Entry): State {
  return state.entries.some(match) ? { ...state, entries: state.entries.map((e) => (match(e) ? edit(e) : e)) } : state
}

function session(state: State, s: Pick<Session, 'visitor' | 'brand'>): State {
  const next = { ...state, visitor: s.visitor, brand: s.brand }
  if (!state.visitor || state.visitor === s.visitor) return next
  // Another visitor must not see what the former one wrote; what waits to be sent goes with the new one.
  return { ...next, entries: state.entries.filter((e) => e.pending), more: false, loaded: false, cursor: undefined, status: initial.status, typing: undefined }
}

function entry(m: Message, known?: Entry): Entry {
  return {
    id: m.id,
    clientId: m.client_id ?? known?.clientId,
    author: m.author,
    name: m.author_name,
    content: m.content,
    // A receipt may overtake the answer of the request that it belongs to.
    state: known && !known.pending ? advance(known.state, m.state) : m.state,
    at: m.at,
    pending: false,
    seen: known?.seen ?? false,
  }
}

const same = (e: Entry, m: Message): boolean => e.id === m.id || (m.client_id !== undefined && m.author === 'consumer' && e.clientId === m.client_id)

function page(state: State, p: Page): State {
  const taken = p.messages.map((m) => entry(m, state.entries.find((e) => same(e, m))))
  const waiting = state.entries.filter((e) => e.pending && !p.messages.some((m) => same(e, m)))
  // A frame may arrive while the page is on its way.
  const last = p.messages.at(-1)?.at ?? Infinity
  const newer = state.entries.filter((e) => !e.pending && e.at > last && !p.messages.some((m) => same(e, m)))
  return { ...state, entries: [...taken, ...newer, ...waiting], more: p.more, older: false, loaded: true, status: p.status, cursor: p.cursor }
}

function prepend(state: State, p: Page): State {
  const fresh = p.messages.filter((m) => !state.entries.some((e) => same(e, m))).map((m) => ({ ...entry(m), seen: true }))
  return { ...state, entries: [...fresh, ...state.entries], more: p.more, older: false }
}

function queue(state: State, a: Extract<Action, { type: 'queued' }>): State {
  if (state.entries.some((e) => e.clientId === a.clientId)) return state
  const content: Content = 'text' in a.said ? { text: a.said.text } : { text: a.said.choice.label, picked: a.said.choice }
  const e: Entry = { id: a.clientId, clientId: a.clientId, author: 'consumer', content, state: a.failed ? 'failed' : 'sending', at: a.at, pending: true, seen: true }
  // Writing opens the next conversation; the status that says so comes only after the message itself.
  const status = a.failed ? state.status : { ...state.status, open: true }
  return { ...state, status, entries: [...state.entries, e] }
}

function upsert(state: State, m: Message): State {
  const at = state.entries.findIndex((e) => same(e, m))
  const known = state.entries[at]
  const next = entry(m, known)
  if (known && !known.pending) {
    return { ...state, entries: state.entries.with(at, next) }
  }
  const rest = known ? state.entries.toSpliced(at, 1) : state.entries
  // Frames come in order; only the answer to our own POST can overtake one, and the gateway's time tells where it belongs.
  let place = rest.length
  while (place > 0 && (rest[place - 1]?.pending || (rest[place - 1]?.at ?? 0) > m.at)) place--
  const typing = m.author === 'consumer' ? state.typing : undefined
  return { ...state, entries: rest.toSpliced(place, 0, next), typing }
}

function frame(state: State, f: Frame): State {
  switch (f.type) {
    case 'message':
      return { ...upsert(state, f.message), cursor: f.cursor }
    case 'state':
      return { ...change(state, (e) => e.id === f.message && rank(f.state) > rank(e.state), (e) => ({ ...e, state: f.state })), cursor: f.cursor }
    case 'status':
      return { ...state, status: f.status, cursor: f.cursor }
    case 'typing':
      return f.on ? { ...state, typing: { author: f.author, name: f.name } } : reduce(state, { type: 'quiet' })
    case 'live':
    case 'reset':
      return { ...state, cursor: f.cursor }
    default:
      return state // of a newer gateway
  }
}

const theirs = (e: Entry): boolean => e.author !== 'consumer'

// unread counts what a person or bot wrote and nobody has seen yet.
export function unread(state: State): number {
  return state.entries.filter((e) => (e.author === 'bot' || e.author === 'agent') && !e.seen && e.state !== 'read').length
}

// receipts lists what the gateway does not know yet: messages that arrived and messages that were seen.
export function receipts(state: State): { delivered: string[]; read: string[] } {
  const open = state.entries.filter(theirs)
  return {
    delivered: open.filter((e) => !e.seen && rank(e.state) < rank('delivered')).map((e) => e.id),
    read: open.filter((e) => e.seen && e.state !== 'read').map((e) => e.id),
  }
}

// offered is what the visitor may tap now: the newest choices that nothing of theirs has followed.
export function offered(state: State): Content['choices'] {
  for (const e of state.entries.toReversed()) {
    if (e.author === 'consumer') return undefined
    if (e.content.choices?.length) return e.content.choices
  }
  return undefined
}

// ended tells whether the conversation is over and nothing new has been written since.
export function ended(state: State): boolean {
  return state.loaded && !state.status.open && state.entries.some((e) => !e.pending)
}
