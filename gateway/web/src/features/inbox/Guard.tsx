import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import type { Event } from '../../api'
import { previewOf } from '../../live/conversation'
import { copyText } from '../../ui/copy'
import { Time } from '../../ui/time'
import classes from './Composer.module.css'
import type { Conflict } from '../../desk/drafts'
import { s } from '../../strings'
import { t } from './strings'

/** happened tells an event in words; undefined for one that a writer need not know. */
function happened(ev: Event): string | undefined {
  const m = ev.message
  const who = m?.author_name ?? s.desk.someone
  switch (ev.kind) {
    case 'message':
      if (!m || m.author === 'system') return undefined
      if (m.note) return t.happened.note(who)
      return m.author === 'consumer' ? t.happened.wrote(who, previewOf(ev.message?.content)) : t.happened.replied(who, previewOf(ev.message?.content))
    case 'owner':
      if (ev.change?.owner === 'agent') return t.happened.took(ev.change.agent_name ?? s.desk.someone)
      return ev.change?.owner === 'bot' ? t.happened.bot : t.happened.queue
    case 'closed':
      return t.happened.closed
    default:
      return undefined
  }
}

type Props = {
  conflict: Conflict
  /** The words, where they stand nowhere else. */
  words?: string
  /** What can be done with them, the best first. */
  send?: { label: string; act: () => void }
  asNote?: () => void
  edit?: () => void
  discard: () => void
}

/** Guard stands above the composer while words wait for their writer's decision. Nothing is sent and nothing is lost until then. */
export function Guard({ conflict, words, send, asNote, edit, discard }: Props) {
  const [copied, setCopied] = useState(false)
  const told = conflict.events.flatMap((ev) => {
    const text = happened(ev)
    return text ? [{ text, at: ev.at, cursor: ev.cursor }] : []
  })
  return (
    <Alert color="orange" variant="light" mb="xs" icon={<IconAlertTriangle size={18} />} title={told.length > 0 ? t.composer.guardTitle : t.composer.notSent} role="alert">
      {told.length === 0 && <Text size="sm">{conflict.message}</Text>}
      {told.slice(-3).map((e) => (
        <Text key={e.cursor} size="sm" lineClamp={2}>{e.text} · <Time at={e.at} /></Text>
      ))}
      {words !== undefined && <blockquote className={classes.words} tabIndex={0} aria-label={t.composer.words}>{words}</blockquote>}
      <Group gap="close" mt="xs">
        {send && <Button size="xs" onClick={send.act}>{send.label}</Button>}
        {asNote && <Button size="xs" variant={send ? 'default' : 'filled'} onClick={asNote}>{t.composer.asNote}</Button>}
        {edit && <Button size="xs" variant="default" onClick={edit}>{t.composer.edit}</Button>}
        {words !== undefined && (
          <Button size="xs" variant="default" onClick={() => void copyText(words).then(setCopied)}>{copied ? t.handoff.copied : t.composer.copy}</Button>
        )}
        <Button size="xs" variant="default" onClick={discard}>{t.composer.discard}</Button>
      </Group>
    </Alert>
  )
}
