import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { api, type Message, messageOf, queries, sessionQuery, unwrap } from '../../api'
import { useStore } from '../../live/store'
import { joinPage, type Line, place, type Thread } from '../../live/thread'
import { lineOf, outbox } from './outbox'

type Page = { messages: Message[]; more: boolean; cursor: string }

const pageSize = 50
const load = (id: string, before?: string) =>
  unwrap<Page>(api.GET('/conversations/{id}/messages', { params: { path: { id }, query: { limit: pageSize, ...(before ? { before } : {}) } } }))

export type ThreadView = ReturnType<typeof useThread>

/** useThread is the consumer's thread up to a conversation, with what is still unsent, kept current by the events. */
export function useThread(id: string) {
  const key = useMemo(() => ['thread', id], [id])
  const me = useQuery(sessionQuery).data?.user
  const query = useQuery({
    queryKey: key,
    queryFn: async () => {
      const page = await load(id)
      return joinPage(queries.getQueryData<Thread>(key), page, false)
    },
  })
  const unsent = useStore(outbox)
  const lines = useMemo<Line[]>(() => {
    const mine = unsent.filter((u) => u.conversation === id)
    const who = me ?? { id: '', name: '' }
    return mine.reduce((all, u) => place(all, lineOf(u, who)), query.data?.lines ?? [])
  }, [unsent, query.data, id, me])

  const [older, setOlder] = useState<{ busy: boolean; problem?: string }>({ busy: false })
  const first = query.data?.lines[0]?.id
  const loadOlder = useCallback(async () => {
    if (!first) return
    setOlder({ busy: true })
    try {
      const page = await load(id, first)
      queries.setQueryData<Thread>(key, (t) => joinPage(t, page, true))
      setOlder({ busy: false })
    } catch (err) {
      setOlder({ busy: false, problem: messageOf(err) })
    }
  }, [first, id, key])

  return { query, lines, more: query.data?.more ?? false, cursor: query.data?.cursor ?? '', older, loadOlder }
}
