import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Detail } from '../../api'
import { s } from '../../strings'
import { useCommands } from '../../desk/commands'
import { submits } from '../../ui/parts'
import { t } from './strings'

/** ConsentForm records what the consumer told the agent about messages on this channel, with the words as the proof. */
export function ConsentForm({ detail, onClose }: { detail: Detail; onClose: () => void }) {
  const [source, setSource] = useState('')
  const [tried, setTried] = useState(false)
  const { consent } = useCommands()
  const out = !detail.consumer.opted_out
  const said = source.trim()
  const submit = () => {
    setTried(true)
    if (said) consent.mutate({ id: detail.conversation.id, opted_out: out, source: said }, { onSuccess: onClose })
  }
  return (
    <form onSubmit={submits(submit)}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">{out ? t.consent.outText : t.consent.inText}</Text>
        <Textarea
          label={t.consent.source} description={t.consent.sourceHint} error={tried && !said ? t.consent.needed : undefined} value={source} maxLength={500}
          onChange={(e) => setSource(e.currentTarget.value)} autosize minRows={2} maxRows={6} data-autofocus
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{s.transfer.cancel}</Button>
          <Button type="submit" loading={consent.isPending}>{out ? t.consent.out : t.consent.in}</Button>
        </Group>
      </Stack>
    </form>
  )
}
