import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { Event } from '../../api'
import { previewOf } from '../../live/conversation'
import { s } from '../../strings'
import { Time } from '../../ui/time'

/** Conflict is a reply that the server refused: what happened since the writer last looked. */
export type Conflict = { events: Event[]; message: string; after: string }

/** happened tells an event in words; undefined for one that a writer need not know. */
function happened(ev: Event): string | undefined {
  const m = ev.message
  const who = m?.author_name ?? s.conversation.someone
  switch (ev.kind) {
    case 'message':
      if (!m || m.author === 'system') return undefined
      if (m.note) return s.happened.note(who)
      return m.author === 'consumer' ? s.happened.wrote(who, previewOf(ev)) : s.happened.replied(who, previewOf(ev))
    case 'owner':
      if (ev.change?.owner === 'agent') return s.happened.took(ev.change.agent_name ?? s.conversation.someone)
      return ev.change?.owner === 'bot' ? s.happened.bot : s.happened.queue
    case 'closed':
      return s.happened.closed
    default:
      return undefined
  }
}

type Props = {
  conflict: Conflict
  me: string
  mayReply: boolean
  sendAnyway: (after: string) => void
  asNote: () => void
  discard: () => void
  edit: () => void
}

/** Guard stands above the composer when a reply would have crossed somebody else's. Nothing is sent until one decides. */
export function Guard({ conflict, me, mayReply, sendAnyway, asNote, discard, edit }: Props) {
  const told = conflict.events.flatMap((ev) => {
    const text = happened(ev)
    return text ? [{ text, at: ev.at, cursor: ev.cursor }] : []
  })
  const change = conflict.events.findLast((ev) => ev.change)?.change
  const stillMine = mayReply && (!change || (change.owner === 'agent' && change.agent === me))
  const after = conflict.events.at(-1)?.cursor ?? conflict.after
  return (
    <Alert color="orange" variant="light" mb={10} bg="light-dark(var(--mantine-color-orange-0), rgb(255 146 43 / 13%))" icon={<IconAlertTriangle size={18} />} title={s.composer.guardTitle} role="alert">
      {told.length === 0 && <Text size="sm">{conflict.message}</Text>}
      {told.slice(-3).map((t) => (
        <Text key={t.cursor} size="sm" lineClamp={2}>{t.text} · <Time at={t.at} /></Text>
      ))}
      <Group gap={8} mt={10}>
        {stillMine ? <Button size="xs" onClick={() => sendAnyway(after)}>{s.composer.sendAnyway}</Button> : <Button size="xs" onClick={asNote}>{s.composer.asNote}</Button>}
        <Button size="xs" variant="default" onClick={discard}>{s.composer.discard}</Button>
        <Button size="xs" variant="default" onClick={edit}>{s.composer.edit}</Button>
      </Group>
    </Alert>
  )
}
