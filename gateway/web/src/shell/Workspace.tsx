import { Modal, Text } from '@mantine/core'
import { useResizeObserver } from '@mantine/hooks'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet, useParams } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useState } from 'react'
import { api, listQuery, type Session, sessionQuery, unwrap } from '../api'
import { s } from '../strings'
import { ChannelBar } from './ChannelBar'
import { ConnectionBar } from './ConnectionBar'
import { Notices } from './Notices'
import { Rail } from './Rail'
import { ShortcutsDialog } from './ShortcutsDialog'
import { onSignIn, SignInForm } from '../ui/SignInForm'
import { useKeys } from '../ui/keys'
import { useDesk } from '../desk/desk'
import classes from './Workspace.module.css'

/** Above a dialog that was open when the session ended, so that what was filled in there can stay. */
const overDialogs = 300

/** Workspace is the frame of every signed-in page: the rail, the connection, the sign-in dialog over it all. */
export function Workspace() {
  const queries = useQueryClient()
  const desk = useDesk()
  const { live } = desk
  const session = useQuery(sessionQuery)
  const first = useInfiniteQuery({ ...listQuery('mine', 'open', ''), enabled: session.isSuccess })
  const { conversation } = useParams({ strict: false })
  const [expired, setExpired] = useState(false)
  const [returns, setReturns] = useState(0)
  const [keysOpen, setKeysOpen] = useState(false)

  useEffect(() => live.endings.watch(() => {
    // The session may have ended in this tab only: another one has signed in, or somebody else has.
    unwrap<Session>(api.GET('/session')).then((now) => {
      queries.setQueryData(sessionQuery.queryKey, now)
      setReturns((n) => n + 1)
      // What was refused had been asked before that sign-in.
      desk.dispatch.resend()
    }, () => setExpired(true))
  }), [live, queries, desk])
  useEffect(() => desk.follow(() => location.reload()), [desk])
  const user = session.data?.user.id
  useEffect(() => {
    // Nothing of the one before may stay, neither on the page nor in memory.
    if (user !== undefined && !desk.enter(user)) location.assign('/inbox/mine')
  }, [user, desk])
  const signedIn = (now: Session) => {
    queries.setQueryData(sessionQuery.queryKey, now)
    if (now.user.id !== user) return // the page starts again for somebody else
    setExpired(false)
    void queries.invalidateQueries()
    desk.dispatch.resend()
  }
  const back = useEffectEvent(signedIn)
  // A sign-in in another tab is one here, too.
  useEffect(() => (expired ? onSignIn(() => void unwrap<Session>(api.GET('/session')).then(back, () => undefined)) : undefined), [expired])
  const cursor = first.data?.pages[0]?.cursor
  const build = session.data?.build
  useEffect(() => {
    // An older cursor only repeats events, so the first page's will do, also after a new sign-in.
    if (cursor !== undefined && build !== undefined && user !== undefined && !expired) live.follow(cursor, build, user)
  }, [cursor, build, user, expired, returns, live])
  useEffect(() => live.unfollow, [live])
  const [bars, { height }] = useResizeObserver<HTMLDivElement>()
  useEffect(() => {
    // What is told stands below the header, wherever the bars above it push that.
    document.documentElement.style.setProperty('--bars', `${height}px`)
    return () => void document.documentElement.style.removeProperty('--bars')
  }, [height])
  useKeys({ '?': () => setKeysOpen(true) })

  if (!session.data) return null // the route loads it before this is drawn
  return (
    <div className={classes.frame} data-reading={conversation ? true : undefined}>
      <div ref={bars} className={classes.bars}><ConnectionBar />{session.data.user.role !== 'agent' && <ChannelBar />}<Notices /></div>
      <Rail session={session.data} showKeys={() => setKeysOpen(true)} />
      <div className={classes.page}><Outlet /></div>
      <ShortcutsDialog opened={keysOpen} onClose={() => setKeysOpen(false)} />
      <Modal
        opened={expired} zIndex={overDialogs} onClose={() => undefined} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false}
        title={s.signIn.expired} centered radius="lg" padding="lg"
      >
        <Text size="sm" c="dimmed" mb="md">{s.signIn.expiredText}</Text>
        <SignInForm email={session.data.user.email} onDone={signedIn} />
      </Modal>
    </div>
  )
}
