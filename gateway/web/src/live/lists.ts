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

/**
 * listAfter is a list after an event. `known` is the conversation as it is known from elsewhere, from which a missing
 * row is made; `lacks` says that one may be missing of which nothing is known.
 */
export function listAfter(data: ListData, key: ListKey, ev: Event, me: Agent, known: Conversation | undefined): { data: ListData; lacks: boolean } {
  const id = ev.conversation
  let found = false
  let changed = false
  const pages = data.pages.map((page) => {
    const at = page.conversations.findIndex((c) => c.id === id)
    const c = page.conversations[at]
    if (!c) return page
    found = true
    const next = applyToConversation(c, ev)
    if (next === c) return page
    changed = true
    const conversations = [...page.conversations]
    // Under a search a row stays until the next look: what it holds may still match.
    if (belongs(next, key.view, key.state, me.id)) conversations[at] = next
    else conversations.splice(at, 1)
    return { ...page, conversations }
  })
  if (found) return { data: changed ? { ...data, pages } : data, lacks: false }
  if (!enters(key, ev, me)) return { data, lacks: false }
  if (!known) return { data, lacks: true }
  return { data: withRow(data, key, applyToConversation(known, ev), me), lacks: false }
}

/** withRow is a list with a conversation that is known to be so now, if it belongs there. */
export function withRow(data: ListData, key: ListKey, c: Conversation, me: Agent): ListData {
  const first = data.pages[0]
  if (!first) return data
  let found = false
  const pages = data.pages.map((page) => {
    const at = page.conversations.findIndex((o) => o.id === c.id)
    const old = page.conversations[at]
    if (!old) return page
    found = true
    if (old.rev > c.rev) return page
    const conversations = [...page.conversations]
    if (belongs(c, key.view, key.state, me.id)) conversations[at] = c
    else conversations.splice(at, 1)
    return { ...page, conversations }
  })
  if (found) return { ...data, pages }
  const fits = belongs(c, key.view, key.state, me.id) && !key.search && (key.view !== 'queue' || waitsFor(me, c.skill) || c.offer?.agent.id === me.id)
  if (!fits) return data
  return { ...data, pages: [{ ...first, conversations: [c, ...first.conversations] }, ...data.pages.slice(1)] }
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
