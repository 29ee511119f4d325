import { Button, CloseButton } from '@mantine/core'
import { IconCheck, IconRefresh, IconWifiOff } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useLive } from '../live/live'
import { useStore } from '../live/store'
import { s } from '../strings'
import classes from './Workspace.module.css'

const quietMs = 2_000
const caughtUpMs = 3_000

/** ConnectionBar is silent while all is well, and for the first two seconds of a loss. */
export function ConnectionBar() {
  const { link, newBuild } = useLive()
  const now = useStore(link)
  const build = useStore(newBuild)
  // What was last announced, so that a loss nobody saw is not followed by «Caught up».
  const [shown, setShown] = useState<'none' | 'lost' | 'back'>('none')
  useEffect(() => {
    if (now.state === 'lost') {
      const t = setTimeout(() => setShown('lost'), quietMs)
      return () => clearTimeout(t)
    }
    const t = setTimeout(() => setShown((was) => (was === 'lost' && now.state === 'live' ? 'back' : 'none')), 0)
    const over = setTimeout(() => setShown('none'), caughtUpMs)
    return () => {
      clearTimeout(t)
      clearTimeout(over)
    }
  }, [now])
  return (
    <>
      <div role="status">
        {shown === 'lost' && (
          <div className={`${classes.bar} ${classes.lost}`}><IconWifiOff size={16} aria-hidden />{s.shell.reconnecting}</div>
        )}
        {shown === 'back' && (
          <div className={`${classes.bar} ${classes.back}`}><IconCheck size={16} aria-hidden />{s.shell.caughtUp(now.caughtUp ?? 0)}</div>
        )}
      </div>
      {build && (
        <div className={`${classes.bar} ${classes.build}`} role="status">
          {s.shell.newBuild}
          <Button size="compact-sm" leftSection={<IconRefresh size={14} />} onClick={() => location.reload()}>{s.shell.reload}</Button>
          <CloseButton size="sm" aria-label={s.shell.close} onClick={() => newBuild.set(false)} />
        </div>
      )}
    </>
  )
}
