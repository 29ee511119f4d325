import { Alert, Anchor, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useStore } from '../../live/store'
import { caches } from '../../live/sync'
import { s } from '../../strings'
import { outbox } from '../../desk/outbox'

/** HeldBack names the conversations in which words wait for a decision, so that none of them is forgotten. */
export function HeldBack({ current }: { current?: string }) {
  const unsent = useStore(outbox)
  const held = Object.values(unsent).filter((u) => u.state === 'held' && u.conversation !== current)
  const ids = [...new Set(held.map((u) => u.conversation))]
  if (ids.length === 0) return null
  return (
    <Alert color="orange" variant="light" mx="md" mb="xs" py={8} icon={<IconAlertTriangle size={18} />} bg="light-dark(var(--mantine-color-orange-0), rgb(255 146 43 / 13%))">
      <Text size="sm">
        {s.composer.heldIn(held.length)}{' '}
        {ids.map((id, i) => (
          <span key={id}>
            {i > 0 && ', '}
            <Anchor inherit fw={600} c="inherit" td="underline" renderRoot={(props) => <Link to="/inbox/$view/{-$conversation}" params={{ view: 'all', conversation: id }} search={{ state: 'any' as const }} {...props} />}>
              {caches.known(id)?.consumer.name ?? s.composer.conversation}
            </Anchor>
          </span>
        ))}
      </Text>
    </Alert>
  )
}
