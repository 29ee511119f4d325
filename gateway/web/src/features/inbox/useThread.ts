import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, messageOf, sessionQuery, unwrap } from '../../api'
import { useStore } from '../../live/store'
import { type Line, place, settled, type Thread, threadOf, type ThreadPage } from '../../live/thread'
import { useDesk } from '../../desk/desk'
import type { Unsent } from '../../desk/dispatch'

const pageSize = 50
const load = (id: string, before?: string) =>
  unwrap<ThreadPage>(api.GET('/conversations/{id}/messages', { params: { path: { id }, query: { limit: pageSize, ...(before ? { before } : {}) } } }))

/** lineOf draws an unsent message as the thread will show it. */
const lineOf = (u: Unsent, me: { id: string; name: string }): Line => ({
  id: `local:${u.client_id}`, conversation: u.conversation, seq: 0, author: 'agent', author_id: me.id, author_name: me.name, note: u.note,
  content: { text: u.text }, state: 'queued', failure: u.problem, client_id: u.client_id, at: u.at, local: u.state === 'sending' ? 'sending' : 'refused',
})

export type ThreadView = ReturnType<typeof useThread>

/** useThread is the consumer's thread up to a conversation, with what is still unsent, kept current by the events. */
export function useThread(id: string) {
  const { outbox, live: { caches } } = useDesk()
  const me = useQuery(sessionQuery).data?.user
  const query = useQuery({
    queryKey: ['thread', id],
    queryFn: async () => threadOf(await load(id)),
    // An answer joins what is shown the moment it is put in its place: nothing can come in between.
    structuralSharing: (old, next) => settled(old as Thread | undefined, next as Thread),
  })
  const unsent = useStore(outbox)
  const lines = useMemo<Line[]>(() => {
    const mine = Object.values(unsent).filter((u) => u.conversation === id && u.state !== 'held').sort((a, b) => a.at - b.at)
    const who = me ?? { id: '', name: '' }
    return mine.reduce((all, u) => place(all, lineOf(u, who)), query.data?.lines ?? [])
  }, [unsent, query.data, id, me])

  const first = query.data?.lines[0]?.id
  const older = useMutation({ mutationFn: async () => first && (await caches.loadOlder(id, first, () => load(id, first))) })

  return { query, lines, more: query.data?.more ?? false, cursor: query.data?.cursor ?? '', older: { busy: older.isPending, problem: older.error ? messageOf(older.error) : undefined }, loadOlder: () => older.mutate() }
}
