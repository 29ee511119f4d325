import { api, Failure, type Message, messageOf, queries, unwrap } from '../../api'
import { storedStore } from '../../live/store'
import { type Line, place, type Thread } from '../../live/thread'
import { draftsStore, setDraft } from './drafts'

/** Unsent is a message that the server has not confirmed; kept across reloads. */
export type Unsent = {
  client_id: string
  conversation: string
  text: string
  note: boolean
  after: string
  at: number
  state: 'sending' | 'refused'
  problem?: string
  /** Only a lost connection makes it go out again by itself. */
  offline?: boolean
}

export const outbox = storedStore<Unsent[]>('parley.outbox', [])

/** newClientId is the key that makes a repeated send count once. crypto.randomUUID needs https, this does not. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

const drop = (id: string) => outbox.set((all) => all.filter((u) => u.client_id !== id))
const change = (id: string, c: Partial<Unsent>) => outbox.set((all) => all.map((u) => (u.client_id === id ? { ...u, ...c } : u)))

const flying = new Set<string>()

/** send gives the message to the server; a conflict is thrown, any other failure stays in the outbox to try again. */
export async function send(u: Unsent): Promise<void> {
  if (flying.has(u.client_id)) return
  flying.add(u.client_id)
  outbox.set((all) => [...all.filter((o) => o.client_id !== u.client_id), { ...u, state: 'sending', problem: undefined, offline: undefined }])
  const path = { params: { path: { id: u.conversation } } }
  try {
    const message: Message = u.note
      ? await unwrap(api.POST('/conversations/{id}/notes', { ...path, body: { client_id: u.client_id, text: u.text } }))
      : await unwrap(api.POST('/conversations/{id}/messages', { ...path, body: { client_id: u.client_id, text: u.text, after: u.after } }))
    queries.setQueryData<Thread>(['thread', u.conversation], (t) => t && { ...t, lines: place(t.lines, { ...message, client_id: u.client_id }) })
    drop(u.client_id)
  } catch (err) {
    if (err instanceof Failure && err.code === 'conflict') {
      drop(u.client_id)
      throw err
    }
    const offline = err instanceof Failure && (err.code === 'offline' || err.code === 'unauthenticated')
    change(u.client_id, { state: 'refused', problem: messageOf(err), offline })
  } finally {
    flying.delete(u.client_id)
  }
}

const pageLoadedAt = Date.now()

/** resend tries an unsent message again. If somebody answered meanwhile, its words go back into the draft. */
export async function resend(u: Unsent): Promise<void> {
  try {
    await send(u)
  } catch {
    const mode = u.note ? 'note' : 'reply'
    const since = draftsStore.get()[u.conversation]?.[mode]
    setDraft(u.conversation, { [mode]: since ? `${u.text}\n${since}` : u.text, mode })
  }
}

/** resendLeft sends what a lost connection, an ended session or a reload left behind. */
export function resendLeft() {
  const left = outbox.get().filter((u) => u.offline || (u.state === 'sending' && u.at < pageLoadedAt))
  for (const u of left) void resend(u)
}

/** lineOf draws an unsent message as the thread will show it. */
export function lineOf(u: Unsent, me: { id: string; name: string }): Line {
  return {
    id: `local:${u.client_id}`, conversation: u.conversation, seq: 0, author: 'agent', author_id: me.id, author_name: me.name, note: u.note,
    content: { text: u.text }, state: 'queued', failure: u.problem, client_id: u.client_id, at: u.at, local: u.state,
  }
}
