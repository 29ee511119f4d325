import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { channelsQuery } from '../api'
import classes from './Workspace.module.css'
import { s } from '../strings'
import { Time } from '../ui/time'

/** ChannelBar tells supervisors and admins of channels whose messages wait. Short throttles are no news. */
export function ChannelBar() {
  const channels = useQuery(channelsQuery).data ?? []
  return (
    <div role="status">
      {channels.map((c) => {
        const t = c.trouble
        if (!t?.alarm || !t.since) return null
        return (
          <div key={c.id} className={`${classes.bar} ${classes.lost}`}>
            <IconAlertTriangle size={16} aria-hidden />
            <span>{s.held.wait(c.name, t.reason ?? '')} {s.held.since} <Time at={t.since} as="clock" />. {t.class === 'auth' ? s.held.auth : s.held.later}</span>
          </div>
        )
      })}
    </div>
  )
}
