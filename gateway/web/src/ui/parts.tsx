import { Alert, Anchor, Button, Center, EmptyState, Kbd, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode, SyntheticEvent } from 'react'
import { Failure, messageOf } from '../api'
import { s } from '../strings'
import { pieces } from '../../text/links'
import classes from './parts.module.css'

/** A failure that is tried again by itself is told after so many times. */
const quietFailures = 2

/** failureOf is why a query has nothing to show, also while it is tried again. */
export function failureOf(query: { data: unknown; error: unknown; failureCount: number; failureReason: unknown }): unknown {
  if (query.error) return query.error
  return query.data === undefined && query.failureCount > quietFailures ? query.failureReason : undefined
}

/** ErrorAlert stands where the data would be: what failed, why, and Retry. */
export function ErrorAlert({ title, error, retry }: { title: string; error: unknown; retry?: () => void }) {
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={title} role="alert" m="md">
      <Text size="sm">{messageOf(error)}</Text>
      {error instanceof Failure && error.requestId && (
        <Text size="xs" mt="thin">{s.errors.reference(error.requestId)}</Text>
      )}
      {retry && (
        <Button size="xs" variant="default" mt="sm" onClick={retry}>
          {s.errors.retry}
        </Button>
      )}
    </Alert>
  )
}

/** Alone is the middle of a page that has no frame. */
export const Alone = ({ children }: { children: ReactNode }) => <Center component="main" className={classes.alone}>{children}</Center>

/** Fill takes the room that is left in a row, and no more, so that long text in it is cut. */
export const Fill = ({ children }: { children: ReactNode }) => <div className={classes.fill}>{children}</div>

/** submits has a form act, and stay on the page. */
export const submits = (act: () => void) => (e: SyntheticEvent) => {
  e.preventDefault()
  act()
}

/** Nothing is an empty region with its one next action. */
export function Nothing({ icon, title, text, children }: { icon: ReactNode; title: string; text?: string; children?: ReactNode }) {
  return (
    <EmptyState icon={icon} title={title} description={text} withIndicatorBackground py="xl" px="md">
      {children && <EmptyState.Actions>{children}</EmptyState.Actions>}
    </EmptyState>
  )
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)
export const keyName = (key: string) => key.replace('mod', isMac ? '⌘' : 'Ctrl').replace('Enter', '↵').split('+')

export function Keys({ combo, size = 'xs' }: { combo: string; size?: 'xs' | 'sm' }) {
  return (
    <span className={classes.keys}>
      {keyName(combo).map((k) => (
        <Kbd key={k} size={size}>{k}</Kbd>
      ))}
    </span>
  )
}

/** Linked is plain text whose web and mail addresses and telephone numbers are links, by the rule that the widget has, too. */
export function Linked({ text }: { text: string }) {
  return pieces(text).map((p, i) => (p.href ? <Anchor key={i} href={p.href} target="_blank" rel="noopener noreferrer" c="inherit" td="underline" inherit>{p.text}</Anchor> : p.text))
}
