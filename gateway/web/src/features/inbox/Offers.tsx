import { Badge, Button, Group, RingProgress, Text } from '@mantine/core'
import { type MouseEvent, useState } from 'react'
import type { Conversation } from '../../api'
import { useLive } from '../../live/live'
import { useOffers, useSkillName } from '../../desk/attention'
import { useKeys } from '../../ui/keys'
import { ChannelIcon } from '../../ui/channel'
import { Fill, Keys } from '../../ui/parts'
import { minutes, useNow } from '../../ui/time'
import { useCommands } from '../../desk/commands'
import classes from './Inbox.module.css'
import { t } from './strings'

/** Offers are the conversations reserved for me until I accept, decline, or the time is over. */
export function Offers() {
  const offers = useOffers()
  const { accept } = useCommands()
  const first = offers[0]
  useKeys({ a: first ? () => accept.mutate(first.id) : undefined })
  return <>{offers.map((c, i) => <Offer key={c.id} conversation={c} first={i === 0} />)}</>
}

/** once leaves out the second click of a double one: by then the next offer may stand there. */
const once = (act: () => void) => (e: MouseEvent) => {
  if (e.detail < 2) act()
}

function Offer({ conversation: c, first }: { conversation: Conversation; first: boolean }) {
  const now = useNow()
  const { accept, decline } = useCommands()
  const skill = useSkillName(c.skill)
  const ends = c.offer?.expires_at ?? 0
  // The contract tells only the end: the ring starts full when the offer is first seen.
  const [seen] = useState(useLive().clock.now)
  const left = Math.max(0, ends - now)
  if (left === 0) return null
  return (
    <section className={classes.offer} aria-label={t.offer.aria(c.consumer.name)}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Fill>
          <Text size="xs" variant="strong" className={classes.offerTitle}>{t.offer.title}{skill ? ` · ${skill}` : ''}</Text>
          <Group gap="snug" wrap="nowrap"><Text variant="strong" size="sm" truncate>{c.consumer.name}</Text><ChannelIcon kind={c.kind} /></Group>
          {c.reason && <Badge variant="light" color="orange" size="sm" className={classes.whole}>{c.reason}</Badge>}
          <Text size="sm" lineClamp={3} mod="lines">{c.about ?? c.preview}</Text>
        </Fill>
        <RingProgress
          size={46} thickness={4} roundCaps aria-hidden rootColor="var(--mantine-color-indigo-light)"
          sections={[{ value: (left / Math.max(1, ends - seen)) * 100, color: left < 10_000 ? 'red' : 'indigo' }]}
          label={<Text className={classes.left} variant="strong">{minutes(left)}</Text>}
        />
      </Group>
      <Group gap="close" mt="xs" grow>
        <Button size="xs" loading={accept.isPending} rightSection={first ? <span className={classes.wide}><Keys combo="A" /></span> : null} onClick={once(() => accept.mutate(c.id))}>{t.offer.accept}</Button>
        <Button size="xs" variant="default" loading={decline.isPending} onClick={once(() => decline.mutate(c.id))}>{t.offer.decline}</Button>
      </Group>
    </section>
  )
}
