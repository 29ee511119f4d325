import { Avatar, Group, Indicator, Menu, Text, Tooltip, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core'
import { IconInbox, IconKeyboard, IconLogout, IconSchool } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from '@tanstack/react-router'
import { api, type Presence, queries, type Session, sessionQuery, unwrap } from '../api'
import { unfollow } from '../live/sync'
import { personal, useUnsentWords } from '../desk/personal'
import { s } from '../strings'
import classes from './Workspace.module.css'
import { LeaveDialog, useMine } from './LeaveDialog'
import { Load, PresenceDot } from '../ui/presence'
import { useWaitingForMe } from '../desk/attention'
import { tellFailure } from '../ui/tell'

const presences: Presence[] = ['online', 'back_soon', 'away', 'offline']

const presenceKey = ['presence']
/** What was chosen since is shown already. */
const isLast = () => queries.isMutating({ mutationKey: presenceKey }) <= 1

export function usePresence() {
  return useMutation({
    mutationKey: presenceKey,
    scope: { id: 'presence' }, // one after the other, as they were chosen
    mutationFn: (presence: Presence) => unwrap<Session>(api.PUT('/presence', { body: { presence } })),
    onMutate: (presence) => {
      const old = queries.getQueryData(sessionQuery.queryKey)
      if (old) queries.setQueryData(sessionQuery.queryKey, { ...old, user: { ...old.user, presence } })
      return old
    },
    onSuccess: (session) => {
      if (isLast()) queries.setQueryData(sessionQuery.queryKey, session)
    },
    onError: (err, _presence, old) => {
      if (old && isLast()) queries.setQueryData(sessionQuery.queryKey, old)
      tellFailure(err)
    },
  })
}

/** Rail is the narrow bar of places; it shows only those that exist and that one may enter. */
export function Rail({ session, showKeys }: { session: Session; showKeys: () => void }) {
  const waiting = useWaitingForMe()
  const { user, brand } = session
  const learning = useLocation({ select: (at) => at.pathname.startsWith('/learning') })
  const presence = usePresence()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = useMutation({
    mutationFn: () => unwrap(api.DELETE('/session')),
    onSuccess: () => {
      unfollow()
      personal.leave()
      location.assign('/')
    },
    onError: tellFailure,
  })
  const mine = useMine(user.id) ?? []
  const unsent = useUnsentWords()
  const [leaving, setLeaving] = useState<'signOut' | 'offline'>()
  const set = (p: Presence) => (p === 'offline' && mine.length > 0 ? setLeaving('offline') : presence.mutate(p))
  const leave = () => (leaving === 'offline' ? presence.mutate('offline', { onSettled: () => setLeaving(undefined) }) : signOut.mutate(undefined, { onError: () => setLeaving(undefined) }))
  return (
    <nav className={classes.rail} aria-label={s.shell.nav}>
      <Tooltip label={s.shell.inbox} position="right">
        <Link to="/inbox/$view/{-$conversation}" params={{ view: 'mine', conversation: undefined }} className={classes.place} data-on={!learning || undefined} aria-label={s.shell.inbox}>
          <Indicator disabled={waiting === 0} size={8} color="red" offset={1}><IconInbox size={22} stroke={1.6} aria-hidden /></Indicator>
        </Link>
      </Tooltip>
      {user.role !== 'agent' && (
        <Tooltip label={s.shell.learning} position="right">
          <Link to="/learning" className={classes.place} data-on={learning || undefined} aria-label={s.shell.learning}><IconSchool size={22} stroke={1.6} aria-hidden /></Link>
        </Tooltip>
      )}
      <div className={classes.spread} />
      <Menu position="right-end" width={272} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false} keepMounted={false}>
        <Menu.Target>
          <UnstyledButton className={classes.account}>
            <Avatar name={user.name} size={40} aria-hidden />
            <VisuallyHidden>{s.shell.account(user.name)}</VisuallyHidden>
            <span className={classes.dot}><PresenceDot presence={user.presence} /></span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Group px="sm" py={8} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text fw={600} size="sm" truncate>{user.name}</Text>
              <Text size="xs" c="dimmed" truncate>{brand.name}</Text>
            </div>
            <Load load={user.load} slots={user.slots} />
          </Group>
          <Menu.Divider />
          <Menu.Label>{s.shell.status}</Menu.Label>
          <Menu.RadioGroup value={user.presence} onChange={(p) => set(p as Presence)}>
            {presences.map((p) => (
              <Menu.RadioItem key={p} value={p} closeMenuOnClick>
                <Group gap={10} wrap="nowrap">
                  <PresenceDot presence={p} />
                  <div><Text size="sm">{s.presence[p]}</Text><Text size="xs" c="dimmed">{s.presenceText[p]}</Text></div>
                </Group>
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Label>{s.shell.theme}</Menu.Label>
          <Menu.RadioGroup value={colorScheme} onChange={(v) => setColorScheme(v as typeof colorScheme)}>
            <Menu.RadioItem value="light">{s.shell.light}</Menu.RadioItem>
            <Menu.RadioItem value="dark">{s.shell.dark}</Menu.RadioItem>
            <Menu.RadioItem value="auto">{s.shell.system}</Menu.RadioItem>
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item leftSection={<IconKeyboard size={18} stroke={1.6} />} onClick={showKeys}>{s.shell.keys}</Menu.Item>
          <Menu.Item leftSection={<IconLogout size={18} stroke={1.6} />} onClick={() => (mine.length + unsent.length > 0 ? setLeaving('signOut') : signOut.mutate())}>{s.shell.signOut}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <LeaveDialog how={leaving} me={user.id} mine={mine} unsent={leaving === 'signOut' ? unsent : []} busy={signOut.isPending || presence.isPending} go={leave} onClose={() => setLeaving(undefined)} />
    </nav>
  )
}
