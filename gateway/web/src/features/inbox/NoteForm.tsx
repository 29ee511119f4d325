import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Conversation } from '../../api'
import { s } from '../../strings'
import { useCommands } from '../../desk/commands'
import { submits } from '../../ui/parts'
import { t } from './strings'

type Props = { kind: 'requeue' | 'return'; conversation: Conversation; onClose: () => void }

/** NoteForm gives the conversation back, to its queue or to its bot, with a word if there is one. */
export function NoteForm({ kind, conversation: c, onClose }: Props) {
  const [note, setNote] = useState('')
  const { requeue, giveBack } = useCommands()
  const act = kind === 'requeue' ? requeue : giveBack
  return (
    <form onSubmit={submits(() => act.mutate({ id: c.id, rev: c.rev, ...(note.trim() ? { note: note.trim() } : {}) }, { onSuccess: onClose }))}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">{t[kind].text}</Text>
        <Textarea label={t[kind].note} value={note} onChange={(e) => setNote(e.currentTarget.value)} autosize minRows={2} maxRows={6} maxLength={2000} data-autofocus />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{s.transfer.cancel}</Button>
          <Button type="submit" loading={act.isPending}>{t[kind].submit}</Button>
        </Group>
      </Stack>
    </form>
  )
}
