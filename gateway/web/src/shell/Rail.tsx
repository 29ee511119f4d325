import { Avatar, Group, Indicator, Menu, Text, Tooltip, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core'
import { IconKeyboard, IconLogout } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from '@tanstack/react-router'
import { api, type Presence, type Session, unwrap } from '../api'
import { useMine } from '../desk/attention'
import { useDesk, useUnsentWords } from '../desk/desk'
import { usePresence } from '../desk/presence'
import type { Place } from '../feature'
import { features } from '../features/list'
import { s } from '../strings'
import classes from './Workspace.module.css'
import { LeaveDialog } from './LeaveDialog'
import { Load, PresenceDot } from '../ui/presence'
import { tellFailure } from '../ui/tell'
import { Fill } from '../ui/parts'

const presences: Presence[] = ['online', 'back_soon', 'away', 'offline']

/** Rail is the narrow bar of places; it shows only those that exist and that one may enter. */
export function Rail({ session, showKeys }: { session: Session; showKeys: () => void }) {
  const desk = useDesk()
  const { user, brand } = session
  const presence = usePresence()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = useMutation({
    mutationFn: () => unwrap(api.DELETE('/session')),
    onSuccess: () => {
      desk.live.unfollow()
      desk.leave()
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
      {features.map((f) => f.rail && (f.rail.may?.(user) ?? true) && <Entry key={f.rail.to} place={f.rail} />)}
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
          <Group px="sm" py="close" justify="space-between" wrap="nowrap">
            <Fill>
              <Text variant="strong" size="sm" truncate>{user.name}</Text>
              <Text size="xs" c="dimmed" truncate>{brand.name}</Text>
            </Fill>
            <Load load={user.load} slots={user.slots} />
          </Group>
          <Menu.Divider />
          <Menu.Label>{s.shell.status}</Menu.Label>
          <Menu.RadioGroup value={user.presence} onChange={(p) => set(p as Presence)}>
            {presences.map((p) => (
              <Menu.RadioItem key={p} value={p} closeMenuOnClick>
                <Group gap="xs" wrap="nowrap">
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

const nothing = () => 0

function Entry({ place: { label, icon: Icon, to, useWaiting = nothing } }: { place: Place }) {
  const here = useLocation({ select: (at) => at.pathname.split('/')[1] === to.split('/')[1] })
  const waiting = useWaiting()
  return (
    <Tooltip label={label} position="right">
      {/* The list of features makes the router's types, so its paths cannot have them. */}
      <Link to={to as '/inbox'} className={classes.place} data-on={here || undefined} aria-label={label}>
        <Indicator disabled={waiting === 0} size={8} color="red" offset={1}><Icon size={22} stroke={1.6} aria-hidden /></Indicator>
      </Link>
    </Tooltip>
  )
}
