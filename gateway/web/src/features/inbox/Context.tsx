import { ActionIcon, Anchor, Badge, CopyButton, Group, Stack, Text, Timeline, Title, Tooltip } from '@mantine/core'
import { IconBan, IconCheck, IconCopy } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Conversation, Detail, MatchReasons, Schemas } from '../../api'
import { useNames, useSkillName } from '../../desk/attention'
import { useLive } from '../../live/live'
import { Face } from '../../ui/Face'
import { languageName } from '../../ui/language'
import { moodWords } from '../../ui/mood'
import { ChannelIcon, useChannelName } from '../../ui/channel'
import { date, Time, waited } from '../../ui/time'
import { Fill } from '../../ui/parts'
import classes from './Context.module.css'
import { t } from './strings'

type Props = { detail: Detail; me: string; onLeave?: () => void }

/** Context is who the consumer is, what is known, why this agent has the conversation, and what came before. */
export function Context({ detail, me, onLeave }: Props) {
  const channelName = useChannelName()
  const { consumer, conversation: c, history, why } = detail
  const skill = useSkillName(c.skill)
  const known = Object.entries(consumer.attributes)
  const language = consumer.language
  return (
    <Stack gap="lg">
      <Group wrap="nowrap" gap="sm">
        <Face person={{ ...c.consumer, name: consumer.name }} size={52} />
        <Fill>
          <Text variant="strong" size="md" truncate>{consumer.name}</Text>
          {consumer.created_at && <Text size="sm" c="dimmed">{t.context.since} <Time at={consumer.created_at} as="date" /></Text>}
        </Fill>
      </Group>
      {consumer.opted_out && (
        <div>
          <Badge color="red" variant="light" leftSection={<IconBan size={13} aria-hidden />}>{t.context.optedOut}</Badge>
          <Text size="xs" c="dimmed" mt="thin">{t.context.optedOutText}</Text>
          {consumer.consent && <Proof consent={consumer.consent} me={me} />}
        </div>
      )}
      <Section title={t.context.identities}>
        {consumer.identities.map((i) => (
          <Group key={i.kind + i.address} gap="close" wrap="nowrap">
            <ChannelIcon kind={i.kind} size={16} />
            <Text size="sm" truncate title={i.address}>{i.address}</Text>
            <Copy value={i.address} name={channelName(i.kind)} />
          </Group>
        ))}
        {language && <Pair name={t.context.language} value={languageName(language)} />}
        {skill && <Pair name={t.context.skill} value={skill} />}
        {c.mood && c.mood.tone !== 'neutral' && <Pair name={t.context.mood} value={moodWords(c.mood)} />}
      </Section>
      {c.tags.length > 0 && (
        <Section title={t.context.tags}><Group gap="snug">{c.tags.map((tag) => <Badge key={tag} variant="light" color="gray">{tag}</Badge>)}</Group></Section>
      )}
      <Section title={t.context.attributes}>
        {known.length === 0 ? <Text size="sm" c="dimmed">{t.context.noAttributes}</Text> : known.map(([k, v]) => <Pair key={k} name={k.replaceAll('_', ' ')} value={v} />)}
      </Section>
      {c.state === 'closed' && c.outcome && (
        <Section title={t.context.outcome}>
          <Text size="sm" variant="name">{c.outcome}</Text>
          {c.summary && <Text size="sm" mod="lines">{c.summary}</Text>}
        </Section>
      )}
      {why && <Why why={why} me={me} />}
      <Section title={t.context.history}>
        {history.length === 0 ? <Text size="sm" c="dimmed">{t.context.noHistory}</Text> : <History history={history} onLeave={onLeave} />}
      </Section>
    </Stack>
  )
}

/** Proof is who said when, and in which words, that no messages are wanted. */
function Proof({ consent, me }: { consent: Schemas['Consent']; me: string }) {
  const names = useNames()
  const agent = consent.by.startsWith('agent:') ? consent.by.slice('agent:'.length) : undefined
  const by = agent === undefined ? (consent.by === 'consumer' ? t.context.byConsumer : t.context.byProvider) : agent === me ? t.conversation.you : (names(agent) ?? t.context.byAgent)
  return <Text size="xs" c="dimmed" mod="anywhere">{t.context.proof(by, consent.source)} · <Time at={consent.at} as="date" /></Text>
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Title order={3} className={classes.section}>{title}</Title>
      <Stack gap="snug">{children}</Stack>
    </section>
  )
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <Group gap="close" wrap="nowrap" align="flex-start">
      <Text size="sm" c="dimmed" className={classes.pair} mod="anywhere">{name}</Text>
      <Text size="sm" mod="anywhere">{value}</Text>
    </Group>
  )
}

function Copy({ value, name }: { value: string; name: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t.handoff.copied : t.handoff.copy(name)}>
          <ActionIcon ml="auto" size={26} variant="subtle" color="gray" aria-label={copied ? t.handoff.copied : t.handoff.copy(name)} onClick={copy}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

const share = (load: number) => `${Math.round(load * 100)} %`

/** Why explains the routing: the wait, the chosen one, the next in line, and who was passed over. */
function Why({ why, me }: { why: MatchReasons; me: string }) {
  const names = useNames()
  const nameOf = (id: string) => (id === me ? t.context.me : (names(id) ?? id))
  const score = (a: MatchReasons['chosen']) => t.context.chosen(nameOf(a.agent), share(a.load), waited(a.idle_ms))
  const skipped = Object.entries(why.skipped ?? {})
  return (
    <Section title={why.chosen.agent === me ? t.context.why : t.context.whyOther(nameOf(why.chosen.agent))}>
      <Text size="sm">{score(why.chosen)}</Text>
      <Text size="sm" c="dimmed">{t.context.waited(waited(why.waited_ms))}, {why.raised ? t.context.raised(why.priority, why.raised) : t.context.priority(why.priority)}</Text>
      {why.runner_up && <Text size="sm" c="dimmed">{t.context.runnerUp} — {score(why.runner_up)}</Text>}
      {skipped.length > 0 && (
        <details>
          <Text component="summary" size="sm" c="dimmed" className={classes.summary}>{t.context.skipped} ({skipped.length})</Text>
          {skipped.map(([id, reason]) => <Pair key={id} name={nameOf(id)} value={reason} />)}
        </details>
      )}
    </Section>
  )
}

function History({ history, onLeave }: { history: Conversation[]; onLeave?: () => void }) {
  const channelName = useChannelName()
  const { clock } = useLive()
  return (
    <Timeline bulletSize={14} lineWidth={2} active={history.length} mt="thin">
      {history.map((h) => (
        <Timeline.Item key={h.id}>
          <Anchor
            size="sm" className={classes.past} c="inherit" lineClamp={2}
            renderRoot={(props) => <Link to="/inbox/$view/{-$conversation}" params={{ view: 'all', conversation: h.id }} search={h.state === 'closed' ? { state: 'any' as const } : {}} onClick={onLeave} {...props} />}
          >
            {h.summary ?? (h.preview || channelName(h.kind))}
          </Anchor>
          <Group gap="snug" mt="hair">
            <Badge size="sm" variant="light" color={h.state === 'open' ? 'teal' : 'gray'} tt="none">{h.state === 'open' ? t.states.open : (h.outcome ?? t.context.noOutcome)}</Badge>
            <Text size="xs" c="dimmed">{[date(h.created_at, clock.now()), channelName(h.kind)].join(' · ')}</Text>
          </Group>
          {h.summary && h.preview && <Text size="xs" c="dimmed" lineClamp={1} mt="hair">{t.context.lastWords(h.preview)}</Text>}
        </Timeline.Item>
      ))}
    </Timeline>
  )
}
