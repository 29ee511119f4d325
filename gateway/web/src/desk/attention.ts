import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useReducer } from 'react'
import { agentsQuery, type Conversation, listQuery, sessionQuery, skillsQuery } from '../api'
import { rowsOf } from '../live/lists'
import { useLive } from '../live/live'
import { useStore } from '../live/store'
import { countUnread } from '../live/unread'

/** useOffers is what is offered to me now, the soonest to end first. One whose time is over is none, whether its end was told or not. */
export function useOffers(): Conversation[] {
  const { clock } = useLive()
  const me = useQuery(sessionQuery).data?.user.id
  const { data } = useInfiniteQuery({ ...listQuery('queue', 'open', ''), enabled: me !== undefined })
  const all = useMemo(
    () =>
      (data ? rowsOf(data) : [])
        .filter((c) => c.offer?.agent.id === me && c.owner === 'queue')
        .sort((a, b) => (a.offer?.expires_at ?? 0) - (b.offer?.expires_at ?? 0)),
    [data, me],
  )
  const now = clock.now()
  const offers = all.filter((c) => (c.offer?.expires_at ?? 0) > now)
  const [, look] = useReducer((n: number) => n + 1, 0)
  const ends = offers[0]?.offer?.expires_at
  useEffect(() => {
    if (ends === undefined) return
    const t = setTimeout(look, Math.max(0, ends - clock.now()) + 20)
    return () => clearTimeout(t)
  }, [ends, clock])
  return offers
}

/** useMine is what I have; undefined while it loads. */
export function useMine(me: string): Conversation[] | undefined {
  const { data } = useInfiniteQuery(listQuery('mine', 'open', ''))
  return data && rowsOf(data).filter((c) => c.state === 'open' && c.owner === 'agent' && c.agent?.id === me)
}

/** useWaitingForMe counts what asks for my eyes: unread messages of mine, and offers. */
export function useWaitingForMe(): number {
  const me = useQuery(sessionQuery).data?.user.id
  const { data } = useInfiniteQuery({ ...listQuery('mine', 'open', ''), enabled: me !== undefined })
  const marks = useStore(useLive().unread)
  const offers = useOffers().length
  const count = data ? rowsOf(data).reduce((n, c) => n + (c.agent?.id === me ? countUnread(marks, c) : 0), 0) : 0
  return count + offers
}

/** useSkillName is what people call a skill. */
export const useSkillName = (id: string | undefined) => useQuery(skillsQuery).data?.find((k) => k.id === id)?.name ?? id

/** useNames tells what people call an agent, given as `agent:<id>` or by the id alone. */
export function useNames() {
  const agents = useQuery(agentsQuery).data
  return (who: string | undefined) => agents?.find((a) => a.id === who?.replace(/^agent:/, ''))?.name
}
