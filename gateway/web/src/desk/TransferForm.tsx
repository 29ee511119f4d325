import { Alert, Avatar, Button, Group, Radio, Skeleton, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconClockExclamation, IconSearch, IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Agent, agentsQuery, type Conversation, sessionQuery, type Skill, skillsQuery } from '../api'
import { s } from '../strings'
import { ErrorAlert, Fill, submits } from '../ui/parts'
import { Load, PresenceDot } from '../ui/presence'
import { opening, span, useNow } from '../ui/time'
import { useCommands } from './commands'
import classes from './TransferForm.module.css'

type Props = { conversation: Conversation; me: string; onClose: () => void }

/** TransferForm gives the conversation to a skill or a person, each with its live state; the note is required. */
export function TransferForm({ conversation: c, me, onClose }: Props) {
  const skills = useQuery({ ...skillsQuery, staleTime: 0 })
  const agents = useQuery({ ...agentsQuery, staleTime: 0 })
  const [find, setFind] = useState('')
  const [to, setTo] = useState('')
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const { transfer } = useCommands()
  const match = (name: string) => name.toLowerCase().includes(find.trim().toLowerCase())
  const foundSkills = skills.data?.filter((k) => match(k.name)).sort((a, b) => skillRank(a) - skillRank(b)) ?? []
  const foundAgents = agents.data?.filter((a) => a.id !== me && a.id !== c.agent?.id && match(a.name)).sort((a, b) => agentRank(a) - agentRank(b)) ?? []
  const wait = useQuery(sessionQuery).data?.transfer_wait
  const warning = warningOf(to, c, skills.data ?? [], agents.data ?? [], wait)
  const error = skills.error ?? agents.error

  const submit = () => {
    setTried(true)
    if (!to || !note.trim()) return
    const [kind, id] = [to.slice(0, 6), to.slice(6)]
    transfer.mutate({ id: c.id, rev: c.rev, note: note.trim(), ...(kind === 'skill:' ? { skill: id } : { agent: id }) }, { onSuccess: onClose })
  }
  if (error) return <ErrorAlert title={s.errors.people} error={error} retry={() => void Promise.all([skills.refetch(), agents.refetch()])} />
  return (
    <form onSubmit={submits(submit)}>
      <Stack gap="sm">
        <TextInput value={find} onChange={(e) => setFind(e.currentTarget.value)} placeholder={s.transfer.find} aria-label={s.transfer.find} leftSection={<IconSearch size={16} aria-hidden />} data-autofocus />
        <Radio.Group value={to} onChange={setTo} aria-label={s.transfer.to} error={tried && !to ? s.transfer.choose : undefined}>
          <div className={classes.options}>
            {(skills.isPending || agents.isPending) && [1, 2, 3, 4].map((n) => <Skeleton key={n} height={46} />)}
            {foundSkills.length > 0 && <div className={classes.heading}>{s.transfer.skills}</div>}
            {foundSkills.map((k) => <SkillOption key={k.id} skill={k} here={k.id === c.skill} />)}
            {foundAgents.length > 0 && <div className={classes.heading}>{s.transfer.people}</div>}
            {foundAgents.map((a) => <AgentOption key={a.id} agent={a} />)}
            {skills.data && agents.data && foundSkills.length + foundAgents.length === 0 && <Text c="dimmed" size="sm" p="md" ta="center">{s.transfer.none}</Text>}
          </div>
        </Radio.Group>
        <div role="status">{warning && <Alert color="orange" variant="light" p="xs" icon={<IconClockExclamation size={18} aria-hidden />}>{warning}</Alert>}</div>
        <Textarea
          label={s.transfer.note} placeholder={s.transfer.notePlaceholder} value={note} onChange={(e) => setNote(e.currentTarget.value)} autosize minRows={2} maxRows={6} maxLength={2000}
          error={tried && !note.trim() ? s.transfer.writeNote : undefined}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{s.transfer.cancel}</Button>
          <Button type="submit" loading={transfer.isPending}>{s.transfer.submit}</Button>
        </Group>
      </Stack>
    </form>
  )
}

const reachable = (a: Agent) => a.presence === 'online' && a.seen
const free = (a: Agent) => a.load + 1e-9 < a.slots
const skillRank = (k: Skill) => (k.open ? 0 : 2) + (k.online > 0 ? 0 : 1)
/** agentRank puts those first who could take it now, then the full, then the absent, who have been so the shortest. */
const agentRank = (a: Agent) => (reachable(a) ? (free(a) ? 0 : 1) : a.presence === 'back_soon' && a.seen ? 2 : a.presence === 'away' && a.seen ? 3 : 4)

/** warningOf says before the transfer that it will not be taken at once, and what happens then. */
function warningOf(to: string, c: Conversation, skills: Skill[], agents: Agent[], wait?: number): string | undefined {
  const [kind, id] = [to.slice(0, 6), to.slice(6)]
  const tellSkill = (k: Skill) => (!k.open ? s.transfer.willClosed(k.name, k.opens_at ? opening(k.opens_at) : undefined) : k.online === 0 ? s.transfer.willNobody(k.name) : undefined)
  if (kind === 'skill:') {
    const k = skills.find((o) => o.id === id)
    return k && tellSkill(k)
  }
  const a = agents.find((o) => o.id === id)
  if (!a || (reachable(a) && free(a))) return undefined
  const fallback = skills.find((k) => k.id === (c.skill && (a.skills.includes(c.skill) || a.skills.length === 0) ? c.skill : a.skills.find((id) => skills.some((o) => o.id === id))))
  const state = reachable(a) ? s.transfer.isFull(a.name) : s.transfer.isAway(a.name, thereOf(a))
  const then = wait === undefined || wait > 30 * 24 * 3600 ? s.transfer.waits : s.transfer.fallsBack(s.time.min(Math.max(1, Math.round(wait / 60))), fallback?.name)
  return [state, then, fallback && tellSkill(fallback)].filter(Boolean).join(' ')
}

const thereOf = (a: Agent) => (a.presence === 'online' && !a.seen ? s.transfer.away : s.presence[a.presence].toLowerCase())

function SkillOption({ skill: k, here }: { skill: Skill; here: boolean }) {
  const now = useNow()
  const state = [
    k.open ? (k.online > 0 ? s.transfer.online(k.online) : s.transfer.nobody) : s.transfer.closedNow,
    !k.open && k.opens_at ? s.transfer.opens(opening(k.opens_at)) : '',
    s.transfer.waiting(k.waiting),
    k.oldest ? s.transfer.oldest(span(now - k.oldest)) : '',
    here ? s.transfer.here : '',
  ]
  return (
    <Radio.Card className={classes.option} value={`skill:${k.id}`} aria-label={`${k.name}, ${state.filter(Boolean).join(', ')}`}>
      <Avatar size={32} color="indigo" variant="light"><IconUsersGroup size={18} stroke={1.7} aria-hidden /></Avatar>
      <Fill>
        <Text size="sm" variant="name">{k.name}</Text>
        <Text size="xs" c="dimmed">{state.filter(Boolean).join(' · ')}</Text>
      </Fill>
      <Radio.Indicator aria-hidden />
    </Radio.Card>
  )
}

function AgentOption({ agent: a }: { agent: Agent }) {
  const now = useNow()
  const is = a.presence === 'online' && !a.seen ? s.transfer.away : s.presence[a.presence]
  const since = !reachable(a) && a.presence_since ? s.transfer.since(span(now - a.presence_since)) : ''
  const there = [is, since, a.presence_reason === 'offers_lapsed' ? s.transfer.lapsed : '', reachable(a) && !free(a) ? s.transfer.full : ''].filter(Boolean).join(', ')
  return (
    <Radio.Card className={classes.option} value={`agent:${a.id}`} aria-label={`${a.name}, ${there}`}>
      <Avatar name={a.name} size={32} />
      <Fill>
        <Text size="sm" variant="name">{a.name}</Text>
        <Group gap="snug"><PresenceDot presence={a.seen ? a.presence : 'offline'} small /><Text size="xs" c="dimmed">{there}</Text><Text size="xs" c="dimmed">·</Text><Load load={a.load} slots={a.slots} /></Group>
      </Fill>
      <Radio.Indicator aria-hidden />
    </Radio.Card>
  )
}
