import { InfiniteQueryObserver, type QueryClient, QueryObserver } from '@tanstack/react-query'
import { api, ask, type Conversation, detailQuery, listQuery, newQueries, sessionQuery, unwrap, type View } from '../../src/api'
import { type ListData, rowsOf } from '../../src/live/lists'
import { Live } from '../../src/live/live'
import { settled, type Thread, threadOf, type ThreadPage } from '../../src/live/thread'

/** What a page tells of itself. */
export type Report = { events: number; lagMs: number; worstLagMs: number; rows: number; lines: number }

/**
 * page is an agent's open workspace without its drawing: the store that the site is built from, and the queries that
 * its components keep. host.ts runs it once per page, each in a world of its own.
 */
async function open(view: View): Promise<() => Report> {
  const queries = newQueries()
  const live = new Live(queries)
  ask({ date: (header) => live.clock.note(header), ended: live.ended })
  const watch = (observer: { subscribe(f: () => void): unknown }) => void observer.subscribe(() => undefined)
  watch(new QueryObserver(queries, sessionQuery))
  const session = await queries.ensureQueryData(sessionQuery)
  for (const list of new Set<View>(['mine', 'queue', view])) watch(new InfiniteQueryObserver(queries, listQuery(list, 'open', '')))
  live.caches.shown = view
  const mine = await queries.ensureInfiniteQueryData(listQuery('mine', 'open', ''))
  const shown = await queries.ensureInfiniteQueryData(listQuery(view, 'open', ''))
  let [events, lag, worst] = [0, 0, 0]
  live.watch((ev) => {
    const late = Math.max(0, Date.now() - ev.at)
    events++
    lag += late
    worst = Math.max(worst, late)
  })
  live.follow(mine.pages[0]?.cursor ?? '', session.build, session.user.id)
  const reading: Conversation | undefined = rowsOf(mine)[0] ?? rowsOf(shown)[0]
  if (reading) read(queries, reading.id, watch)
  const rows = () => rowsOf(queries.getQueryData<ListData>(['list', view, 'open', '']) ?? { pages: [], pageParams: [] }).length
  return () => ({
    events, lagMs: lag / Math.max(1, events), worstLagMs: worst, rows: rows(),
    lines: queries.getQueryData<Thread>(['thread', reading?.id])?.lines.length ?? 0,
  })
}

function read(queries: QueryClient, id: string, watch: (o: { subscribe(f: () => void): unknown }) => void) {
  watch(new QueryObserver(queries, detailQuery(id)))
  watch(new QueryObserver(queries, {
    queryKey: ['thread', id],
    queryFn: async () => threadOf(await unwrap<ThreadPage>(api.GET('/conversations/{id}/messages', { params: { path: { id }, query: { limit: 50 } } }))),
    structuralSharing: (old, next) => settled(old as Thread | undefined, next as Thread),
  }))
}

Object.assign(globalThis, { open })
