import { ActionIcon, Anchor, Badge, CopyButton, Group, Stack, Text, Timeline, Title, Tooltip } from '@mantine/core'
import { IconBan, IconCheck, IconCopy } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { agentsQuery, type Conversation, type Detail, type MatchReasons, skillsQuery, type View } from '../../api'
import { useLive } from '../../live/live'
import { Face } from '../../ui/Face'
import { languageName } from '../../ui/language'
import { moodWords } from '../../ui/mood'
import { ChannelIcon, channelName } from '../../ui/channel'
import { date, Time, waited } from '../../ui/time'
import { t } from './strings'

type Props = { detail: Detail; me: string; view: View; onLeave?: () => void }

/** Context is who the consumer is, what is known, why this agent has the conversation, and what came before. */
export function Context({ detail, me, onLeave }: Props) {
  const { consumer, conversation: c, history, why } = detail
  const skill = useQuery(skillsQuery).data?.find((k) => k.id === c.skill)?.name ?? c.skill
  const known = Object.entries(consumer.attributes)
  const language = consumer.language
  return (
    <Stack gap="lg">
      <Group wrap="nowrap" gap="sm">
        <Face person={{ ...c.consumer, name: consumer.name }} size={52} />
        <div style={{ minWidth: 0 }}>
          <Text fw={650} fz={16} truncate>{consumer.name}</Text>
          {consumer.created_at && <Text size="sm" c="dimmed">{t.context.since} <Time at={consumer.created_at} as="date" /></Text>}
        </div>
      </Group>
      {consumer.opted_out && (
        <div>
          <Badge color="red" variant="light" leftSection={<IconBan size={13} aria-hidden />}>{t.context.optedOut}</Badge>
          <Text size="xs" c="dimmed" mt={4}>{t.context.optedOutText}</Text>
        </div>
      )}
      <Section title={t.context.identities}>
        {consumer.identities.map((i) => (
          <Group key={i.kind + i.address} gap={8} wrap="nowrap">
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
        <Section title={t.context.tags}><Group gap={6}>{c.tags.map((tag) => <Badge key={tag} variant="light" color="gray">{tag}</Badge>)}</Group></Section>
      )}
      <Section title={t.context.attributes}>
        {known.length === 0 ? <Text size="sm" c="dimmed">{t.context.noAttributes}</Text> : known.map(([k, v]) => <Pair key={k} name={k.replaceAll('_', ' ')} value={v} />)}
      </Section>
      {c.state === 'closed' && c.outcome && (
        <Section title={t.context.outcome}>
          <Text size="sm" fw={550}>{c.outcome}</Text>
          {c.summary && <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>{c.summary}</Text>}
        </Section>
      )}
      {why && <Why why={why} me={me} />}
      <Section title={t.context.history}>
        {history.length === 0 ? <Text size="sm" c="dimmed">{t.context.noHistory}</Text> : <History history={history} onLeave={onLeave} />}
      </Section>
    </Stack>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Title order={3} fz={14} fw={650} mb={8}>{title}</Title>
      <Stack gap={6}>{children}</Stack>
    </section>
  )
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <Group gap={8} wrap="nowrap" align="flex-start">
      <Text size="sm" c="dimmed" w={104} flex="none" style={{ overflowWrap: 'anywhere' }}>{name}</Text>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{value}</Text>
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
  const agents = useQuery(agentsQuery).data
  const nameOf = (id: string) => (id === me ? t.context.me : (agents?.find((a) => a.id === id)?.name ?? id))
  const score = (a: MatchReasons['chosen']) => t.context.chosen(nameOf(a.agent), share(a.load), waited(a.idle_ms))
  const skipped = Object.entries(why.skipped ?? {})
  return (
    <Section title={why.chosen.agent === me ? t.context.why : t.context.whyOther(nameOf(why.chosen.agent))}>
      <Text size="sm">{score(why.chosen)}</Text>
      <Text size="sm" c="dimmed">{t.context.waited(waited(why.waited_ms))}, {why.raised ? t.context.raised(why.priority, why.raised) : t.context.priority(why.priority)}</Text>
      {why.runner_up && <Text size="sm" c="dimmed">{t.context.runnerUp} — {score(why.runner_up)}</Text>}
      {skipped.length > 0 && (
        <details>
          <Text component="summary" size="sm" c="dimmed" style={{ cursor: 'pointer' }}>{t.context.skipped} ({skipped.length})</Text>
          {skipped.map(([id, reason]) => <Pair key={id} name={nameOf(id)} value={reason} />)}
        </details>
      )}
    </Section>
  )
}

function History({ history, onLeave }: { history: Conversation[]; onLeave?: () => void }) {
  const { clock } = useLive()
  return (
    <Timeline bulletSize={14} lineWidth={2} active={history.length} mt={4}>
      {history.map((h) => (
        <Timeline.Item key={h.id}>
          <Anchor
            size="sm" fw={550} c="inherit" lineClamp={2}
            renderRoot={(props) => <Link to="/inbox/$view/{-$conversation}" params={{ view: 'all', conversation: h.id }} search={h.state === 'closed' ? { state: 'any' as const } : {}} onClick={onLeave} {...props} />}
          >
            {h.summary ?? (h.preview || channelName(h.kind))}
          </Anchor>
          <Group gap={6} mt={2}>
            <Badge size="sm" variant="light" color={h.state === 'open' ? 'teal' : 'gray'} tt="none">{h.state === 'open' ? t.states.open : (h.outcome ?? t.context.noOutcome)}</Badge>
            <Text size="xs" c="dimmed">{[date(h.created_at, clock.now()), channelName(h.kind)].join(' · ')}</Text>
          </Group>
          {h.summary && h.preview && <Text size="xs" c="dimmed" lineClamp={1} mt={2}>{t.context.lastWords(h.preview)}</Text>}
        </Timeline.Item>
      ))}
    </Timeline>
  )
}
