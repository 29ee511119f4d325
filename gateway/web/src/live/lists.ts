import type { InfiniteData } from '@tanstack/react-query'
import type { Agent, Conversation, Event, ListPage, StateFilter, View } from '../api'
import { applyToConversation } from './conversation'
import { mergePages } from './pages'

export type ListData = InfiniteData<ListPage>
export type ListKey = { view: View; state: StateFilter; search: string }

/** belongs is whether a patched conversation still is in the view, until the server's next page says so. */
export function belongs(c: Conversation, view: View, state: StateFilter, me: string): boolean {
  if (view === 'mine') return c.state === 'open' && c.agent?.id === me
  if (view === 'queue') return c.state === 'open' && c.owner === 'queue'
  return state === 'any' || c.state === state
}

/** rowsOf is the conversations of all pages, each once. */
export const rowsOf = (data: ListData): Conversation[] => mergePages(data.pages)

/** waitsFor is whether what waits in a skill is in the agent's queue. */
export const waitsFor = (me: Agent, skill: string | undefined) => me.role !== 'agent' || skill === undefined || me.skills.includes(skill)

/** enters is whether a conversation that the list does not have may be in it after the event. */
function enters({ view, state, search }: ListKey, ev: Event, me: Agent): boolean {
  if (search) return false
  const { change, offer } = ev
  if (view === 'mine') return change?.owner === 'agent' && change.agent === me.id
  if (view === 'queue') return (change?.owner === 'queue' && waitsFor(me, change.skill)) || (ev.kind === 'offered' && offer?.agent === me.id)
  if (change) return state === 'any' || change.state === state
  // Only what is open gets messages.
  return ev.kind === 'message' && state !== 'closed'
}

/** withNext is a list whose row of a conversation is what `next` makes of it, or gone; undefined when it has none. */
function withNext(data: ListData, { view, state }: ListKey, id: string | undefined, me: Agent, next: (c: Conversation) => Conversation): ListData | undefined {
  let [found, changed] = [false, false]
  const pages = data.pages.map((page) => {
    const at = page.conversations.findIndex((c) => c.id === id)
    const c = page.conversations[at]
    if (!c) return page
    found = true
    const now = next(c)
    if (now === c) return page
    changed = true
    // Under a search a row stays until the next look: what it holds may still match.
    return { ...page, conversations: page.conversations.toSpliced(at, 1, ...(belongs(now, view, state, me.id) ? [now] : [])) }
  })
  return found ? (changed ? { ...data, pages } : data) : undefined
}

/**
 * listAfter is a list after an event. `known` is the conversation as it is known from elsewhere, from which a missing
 * row is made; `lacks` says that one may be missing of which nothing is known.
 */
export function listAfter(data: ListData, key: ListKey, ev: Event, me: Agent, known: Conversation | undefined): { data: ListData; lacks: boolean } {
  const patched = withNext(data, key, ev.conversation, me, (c) => applyToConversation(c, ev))
  if (patched || !enters(key, ev, me)) return { data: patched ?? data, lacks: false }
  return known ? { data: withRow(data, key, applyToConversation(known, ev), me), lacks: false } : { data, lacks: true }
}

/** withRow is a list with a conversation that is known to be so now, if it belongs there. */
export function withRow(data: ListData, key: ListKey, c: Conversation, me: Agent): ListData {
  const patched = withNext(data, key, c.id, me, (old) => (old.rev > c.rev ? old : c))
  const [first, ...rest] = data.pages
  if (patched || !first) return patched ?? data
  const fits = belongs(c, key.view, key.state, me.id) && !key.search && (key.view !== 'queue' || waitsFor(me, c.skill) || c.offer?.agent.id === me.id)
  return fits ? { ...data, pages: [{ ...first, conversations: [c, ...first.conversations] }, ...rest] } : data
}

/**
 * withFirstPage is a list whose first page was asked for again. The later ones stay as long as they join on to it;
 * when everything moved further than a page, the list starts again.
 */
export function withFirstPage(data: ListData | undefined, page: ListPage): ListData {
  const fresh: ListData = { pages: [page], pageParams: [''] }
  if (!data || data.pages.length < 2) return fresh
  const had = new Set(data.pages.flatMap((p) => p.conversations.map((c) => c.id)))
  const now = new Set(page.conversations.map((c) => c.id))
  if (!page.conversations.some((c) => had.has(c.id))) return fresh
  // What left the first page stays in the list: it is among the next ones now.
  const pushed = (data.pages[0]?.conversations ?? []).filter((c) => !now.has(c.id))
  const later = data.pages.slice(1).map((p, i) => (i === 0 ? { ...p, conversations: [...pushed, ...p.conversations] } : p))
  return { pages: [page, ...later], pageParams: data.pageParams }
}
