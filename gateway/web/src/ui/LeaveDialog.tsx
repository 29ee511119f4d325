import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconArrowsExchange } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Conversation, listQuery } from '../api'
import { mergePages } from '../live/pages'
import { TransferDialog } from '../routes/inbox/TransferDialog'
import { s } from '../strings'
import { Face } from './Face'
import { ChannelIcon } from './parts'

/** useMine is what I have; undefined while it loads. */
export function useMine(me: string): Conversation[] | undefined {
  const { data } = useInfiniteQuery(listQuery('mine', 'open', ''))
  return data && mergePages(data.pages).filter((c) => c.state === 'open' && c.owner === 'agent' && c.agent?.id === me)
}

type Props = { how?: 'signOut' | 'offline'; me: string; mine: Conversation[]; busy: boolean; go: () => void; onClose: () => void }

/** LeaveDialog asks what becomes of my conversations before I sign out or go offline. */
export function LeaveDialog({ how, me, mine, busy, go, onClose }: Props) {
  const [passing, setPassing] = useState<Conversation>()
  return (
    <>
      <Modal opened={how !== undefined} onClose={onClose} title={s.leave.title(mine.length)} centered radius="lg" closeButtonProps={{ 'aria-label': s.shell.close }}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">{s.leave.text}</Text>
          {mine.length > 0 && (
            <Stack gap={4} component="ul" m={0} p={0} mah="42dvh" style={{ listStyle: 'none', overflowY: 'auto' }}>
              {mine.map((c) => (
                <Group key={c.id} component="li" wrap="nowrap" gap="sm">
                  <Face person={c.consumer} size={32} />
                  <div style={{ flex: 1, minWidth: 0 }}>
                    <Group gap={6} wrap="nowrap"><Text size="sm" fw={550} truncate>{c.consumer.name}</Text><ChannelIcon kind={c.kind} /></Group>
                    <Text size="xs" c="dimmed" truncate>{c.about?.split('\n')[0] ?? c.preview}</Text>
                  </div>
                  <Button size="compact-sm" variant="default" leftSection={<IconArrowsExchange size={14} aria-hidden />} aria-label={s.leave.transfer(c.consumer.name)} onClick={() => setPassing(c)}>{s.conversation.transfer}</Button>
                </Group>
              ))}
            </Stack>
          )}
          <Group justify="flex-end" mt={4}>
            <Button variant="default" onClick={onClose}>{s.transfer.cancel}</Button>
            <Button loading={busy} onClick={go}>{how ? s.leave.go[how](mine.length) : ''}</Button>
          </Group>
        </Stack>
      </Modal>
      {passing && <TransferDialog opened onClose={() => setPassing(undefined)} conversation={passing} me={me} />}
    </>
  )
}
