import { Box, Text } from '@mantine/core'
import type { Presence } from '../api'
import { s } from '../strings'

const colors: Record<Presence, string> = { online: 'teal.7', back_soon: 'yellow.7', away: 'orange.7', offline: 'gray.6' }

/** PresenceDot is an agent's state; its shape differs too, so it does not depend on colour. */
export function PresenceDot({ presence, size = 10 }: { presence: Presence; size?: number }) {
  const hollow = presence === 'offline'
  return (
    <Box
      component="span" display="inline-block" w={size} h={size} bdrs="50%" flex="none" aria-hidden
      bg={hollow ? 'transparent' : colors[presence]}
      style={{ border: hollow ? '2px solid var(--mantine-color-dimmed)' : undefined, borderRadius: presence === 'away' ? 2 : '50%' }}
    />
  )
}

const places = (n: number) => (Number.isInteger(n) ? String(n) : n.toFixed(1))

export function Load({ load, slots }: { load: number; slots: number }) {
  return (
    <Text component="span" size="xs" c="dimmed" title={s.shell.loadLong(places(load), places(slots))}>
      {s.shell.load(places(load), places(slots))}
    </Text>
  )
}

export const loadText = (load: number, slots: number) => s.shell.load(places(load), places(slots))
