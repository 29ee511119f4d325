import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconArrowsExchange } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Conversation, detailQuery } from '../api'
import type { Words } from '../desk/desk'
import { TransferForm } from '../desk/TransferForm'
import { s } from '../strings'
import classes from './Workspace.module.css'
import { Face } from '../ui/Face'
import { ChannelIcon } from '../ui/channel'
import { Fill } from '../ui/parts'

type Props = { how?: 'signOut' | 'offline'; me: string; mine: Conversation[]; unsent: Words[]; busy: boolean; go: () => void; onClose: () => void }

const mostUnsent = 3

/** LeaveDialog asks what becomes of my conversations, and of my words, before I sign out or go offline. */
export function LeaveDialog({ how, me, mine, unsent, busy, go, onClose }: Props) {
  const [passing, setPassing] = useState<Conversation>()
  return (
    <>
      <Modal opened={how !== undefined} onClose={onClose} title={unsent.length > 0 && mine.length === 0 ? s.leave.unsent(unsent.length) : s.leave.title(mine.length)}>
        <Stack gap="sm">
          {unsent.length > 0 && <Quotes unsent={unsent} title={mine.length > 0 ? s.leave.unsent(unsent.length) : undefined} />}
          {(mine.length > 0 || unsent.length === 0) && <Text size="sm" c="dimmed">{s.leave.text}</Text>}
          {mine.length > 0 && (
            <Stack gap="thin" component="ul" className={classes.words}>
              {mine.map((c) => (
                <Group key={c.id} component="li" wrap="nowrap" gap="sm">
                  <Face person={c.consumer} size={32} />
                  <Fill>
                    <Group gap="snug" wrap="nowrap"><Text size="sm" variant="name" truncate>{c.consumer.name}</Text><ChannelIcon kind={c.kind} /></Group>
                    <Text size="xs" c="dimmed" truncate>{c.about?.split('\n')[0] ?? c.preview}</Text>
                  </Fill>
                  <Button size="compact-sm" variant="default" leftSection={<IconArrowsExchange size={14} aria-hidden />} aria-label={s.leave.transfer(c.consumer.name)} onClick={() => setPassing(c)}>{s.transfer.title}</Button>
                </Group>
              ))}
            </Stack>
          )}
          <Group justify="flex-end" mt="thin">
            <Button variant="default" onClick={onClose}>{s.transfer.cancel}</Button>
            <Button loading={busy} onClick={go}>{how ? s.leave.go[how](mine.length, unsent.length) : ''}</Button>
          </Group>
        </Stack>
      </Modal>
      <Modal opened={passing !== undefined} onClose={() => setPassing(undefined)} title={s.transfer.title} size="lg">
        {passing && <TransferForm conversation={passing} me={me} onClose={() => setPassing(undefined)} />}
      </Modal>
    </>
  )
}

/** Quotes are words of mine that nobody has got: a sign-out deletes them, so that the next person at this machine does not read them. */
function Quotes({ unsent, title }: { unsent: Words[]; title?: string }) {
  return (
    <Alert color="orange" variant="light" title={title}>
      <Stack gap="thin">
        {unsent.slice(0, mostUnsent).map((w, i) => <Quote key={i} of={w} />)}
        {unsent.length > mostUnsent && <Text size="sm">{s.leave.more(unsent.length - mostUnsent)}</Text>}
        <Text size="sm">{s.leave.unsentText}</Text>
      </Stack>
    </Alert>
  )
}

function Quote({ of: { conversation, text } }: { of: Words }) {
  const name = useQuery(detailQuery(conversation)).data?.conversation.consumer.name
  return <Text size="sm" lineClamp={2} mod="anywhere">{s.leave.words(name ?? s.desk.conversation, text)}</Text>
}
