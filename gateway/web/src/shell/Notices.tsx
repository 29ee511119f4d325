import { Button, CloseButton } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, type Notice, noticesQuery, sessionQuery, unwrap } from '../api'
import classes from './Workspace.module.css'
import { s } from '../strings'
import { usePresence } from '../desk/presence'
import { tellFailure } from '../ui/tell'
import { Time } from '../ui/time'

const shown = 3

/** Notices say what happened to my conversations without me, and stay until I dismiss them. */
export function Notices() {
  const queries = useQueryClient()
  const all = useQuery(noticesQuery).data ?? []
  const away = useQuery(sessionQuery).data?.user.presence !== 'online'
  const presence = usePresence()
  const dismiss = useMutation({
    mutationFn: (n: number[]) => unwrap(api.POST('/notices/dismiss', { body: { n } })),
    onMutate: (n) => queries.setQueryData<Notice[]>(noticesQuery.queryKey, (old) => old?.filter((o) => !n.includes(o.n))),
    onError: (err) => {
      tellFailure(err)
      void queries.invalidateQueries({ queryKey: noticesQuery.queryKey })
    },
  })
  if (all.length === 0) return null
  return (
    <section aria-label={s.notice.label}>
      <ul className={classes.notices}>
        {all.slice(-shown).toReversed().map((n) => (
          <li key={n.n} className={classes.notice}>
            <IconInfoCircle size={17} stroke={1.8} aria-hidden />
            <p role="status">
              {n.conversation && (
                <><Link to="/inbox/$view/{-$conversation}" params={{ view: 'all', conversation: n.conversation }} search={{ state: 'any' as const }}>{n.consumer ?? s.notice.conversation}</Link>{': '}</>
              )}
              {s.notice.says(n)} <small>· <Time at={n.at} /></small>
            </p>
            {n.kind === 'offers_lapsed' && away && <Button size="compact-sm" color="orange" variant="light" onClick={() => presence.mutate('online')}>{s.shell.goOnline}</Button>}
            <CloseButton size="sm" aria-label={s.notice.dismiss} onClick={() => dismiss.mutate([n.n])} />
          </li>
        ))}
        {all.length > 1 && (
          <li className={classes.notice} data-all>
            {all.length > shown && <p>{s.notice.more(all.length - shown)}</p>}
            <Button size="compact-xs" variant="subtle" color="orange" c="inherit" onClick={() => dismiss.mutate(all.map((n) => n.n))}>{s.notice.dismissAll}</Button>
          </li>
        )}
      </ul>
    </section>
  )
}
