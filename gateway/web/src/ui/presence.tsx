import { Text } from '@mantine/core'
import type { Presence } from '../api'
import { s } from '../strings'
import classes from './parts.module.css'

/** PresenceDot is an agent's state; its shape differs too, so it does not depend on colour. */
export const PresenceDot = ({ presence, small }: { presence: Presence; small?: boolean }) => <span className={classes.presence} data-is={presence} data-small={small || undefined} aria-hidden />

const places = (n: number) => (Number.isInteger(n) ? String(n) : n.toFixed(1))

export const loadText = (load: number, slots: number) => s.shell.load(places(load), places(slots))

export function Load({ load, slots }: { load: number; slots: number }) {
  return <Text component="span" size="xs" c="dimmed" title={s.shell.loadLong(places(load), places(slots))}>{loadText(load, slots)}</Text>
}
