import { Avatar, Button, Group, Modal, Radio, Skeleton, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconSearch, IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Agent, agentsQuery, type Conversation, type Skill, skillsQuery } from '../../api'
import { s } from '../../strings'
import { ErrorAlert } from '../../ui/parts'
import { Load, PresenceDot } from '../../ui/presence'
import { opening, span, useNow } from '../../ui/time'
import { useCommands } from './commands'
import classes from './Dialogs.module.css'

type Props = { opened: boolean; onClose: () => void; conversation: Conversation; me: string }

/** TransferDialog gives the conversation to a skill or a person, each with its live state; the note is required. */
export function TransferDialog({ opened, onClose, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={s.transfer.title} size="lg" centered radius="lg" closeButtonProps={{ 'aria-label': s.shell.close }}>
      <Form {...rest} onClose={onClose} />
    </Modal>
  )
}

function Form({ conversation: c, me, onClose }: Omit<Props, 'opened'>) {
  const skills = useQuery({ ...skillsQuery, staleTime: 0 })
  const agents = useQuery({ ...agentsQuery, staleTime: 0 })
  const [find, setFind] = useState('')
  const [to, setTo] = useState('')
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const { transfer } = useCommands()
  const match = (name: string) => name.toLowerCase().includes(find.trim().toLowerCase())
  const foundSkills = skills.data?.filter((k) => match(k.name)) ?? []
  const foundAgents = agents.data?.filter((a) => a.id !== me && a.id !== c.agent?.id && match(a.name)) ?? []
  const error = skills.error ?? agents.error

  const submit = () => {
    setTried(true)
    if (!to || !note.trim()) return
    const [kind, id] = [to.slice(0, 6), to.slice(6)]
    transfer.mutate({ id: c.id, rev: c.rev, note: note.trim(), ...(kind === 'skill:' ? { skill: id } : { agent: id }) }, { onSuccess: onClose })
  }
  if (error) return <ErrorAlert title={s.errors.people} error={error} retry={() => void Promise.all([skills.refetch(), agents.refetch()])} />
  return (
    <form onSubmit={(e) => {
      e.preventDefault()
      submit()
    }}>
      <Stack gap="sm">
        <TextInput value={find} onChange={(e) => setFind(e.currentTarget.value)} placeholder={s.transfer.find} aria-label={s.transfer.find} leftSection={<IconSearch size={16} aria-hidden />} data-autofocus />
        <Radio.Group value={to} onChange={setTo} aria-label={s.transfer.to} error={tried && !to ? s.transfer.choose : undefined}>
          <div className={classes.options}>
            {(skills.isPending || agents.isPending) && [1, 2, 3, 4].map((n) => <Skeleton key={n} h={46} />)}
            {foundSkills.length > 0 && <div className={classes.heading}>{s.transfer.skills}</div>}
            {foundSkills.map((k) => <SkillOption key={k.id} skill={k} here={k.id === c.skill} />)}
            {foundAgents.length > 0 && <div className={classes.heading}>{s.transfer.people}</div>}
            {foundAgents.map((a) => <AgentOption key={a.id} agent={a} />)}
            {skills.data && agents.data && foundSkills.length + foundAgents.length === 0 && <Text c="dimmed" size="sm" p="md" ta="center">{s.transfer.none}</Text>}
          </div>
        </Radio.Group>
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

function SkillOption({ skill: k, here }: { skill: Skill; here: boolean }) {
  const now = useNow()
  const state = [
    k.open ? s.transfer.online(k.online) : s.transfer.closedNow,
    !k.open && k.opens_at ? s.transfer.opens(opening(k.opens_at)) : '',
    s.transfer.waiting(k.waiting),
    k.oldest ? s.transfer.oldest(span(now - k.oldest)) : '',
    here ? s.transfer.here : '',
  ]
  return (
    <Radio.Card className={classes.option} value={`skill:${k.id}`} aria-label={`${k.name}, ${state.filter(Boolean).join(', ')}`}>
      <Avatar size={32} color="indigo" variant="light"><IconUsersGroup size={18} stroke={1.7} aria-hidden /></Avatar>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" fw={550}>{k.name}</Text>
        <Text size="xs" c="dimmed">{state.filter(Boolean).join(' · ')}</Text>
      </div>
      <Radio.Indicator aria-hidden />
    </Radio.Card>
  )
}

function AgentOption({ agent: a }: { agent: Agent }) {
  const there = a.presence === 'online' && !a.seen ? s.transfer.away : s.presence[a.presence]
  return (
    <Radio.Card className={classes.option} value={`agent:${a.id}`} aria-label={`${a.name}, ${there}`}>
      <Avatar name={a.name} size={32} />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" fw={550}>{a.name}</Text>
        <Group gap={6}><PresenceDot presence={a.presence} size={8} /><Text size="xs" c="dimmed">{there}</Text><Text size="xs" c="dimmed">·</Text><Load load={a.load} slots={a.slots} /></Group>
      </div>
      <Radio.Indicator aria-hidden />
    </Radio.Card>
  )
}
