import { Alert, Anchor, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useStore } from '../../live/store'
import { useDesk } from '../../desk/desk'
import { s } from '../../strings'
import classes from './Inbox.module.css'
import { t } from './strings'

/** HeldBack names the conversations in which words wait for a decision, so that none of them is forgotten. */
export function HeldBack({ current }: { current?: string }) {
  const { outbox, live } = useDesk()
  const unsent = useStore(outbox)
  const held = Object.values(unsent).filter((u) => u.state === 'held' && u.conversation !== current)
  const ids = [...new Set(held.map((u) => u.conversation))]
  if (ids.length === 0) return null
  return (
    <Alert color="orange" variant="light" mx="md" mb="xs" py="close" icon={<IconAlertTriangle size={18} />}>
      <Text size="sm">
        {t.composer.heldIn(held.length)}{' '}
        {ids.map((id, i) => (
          <span key={id}>
            {i > 0 && ', '}
            <Anchor className={classes.held} inherit c="inherit" td="underline" renderRoot={(props) => <Link to="/inbox/$view/{-$conversation}" params={{ view: 'all', conversation: id }} search={{ state: 'any' as const }} {...props} />}>
              {live.caches.known(id)?.consumer.name ?? s.desk.conversation}
            </Anchor>
          </span>
        ))}
      </Text>
    </Alert>
  )
}
