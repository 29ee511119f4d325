import { Button, Chip, Group, Input, Modal, Skeleton, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Conversation, skillsQuery } from '../../api'
import { s } from '../../strings'
import { useCommands } from './commands'
import classes from './Dialogs.module.css'

type Props = { opened: boolean; onClose: () => void; conversation: Conversation }

/** CloseDialog ends the conversation with an outcome of its skill and a summary for whoever comes next. */
export function CloseDialog({ opened, onClose, conversation }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={s.closing.title} centered radius="lg" closeButtonProps={{ 'aria-label': s.shell.close }}>
      <Form conversation={conversation} onClose={onClose} />
    </Modal>
  )
}

function Form({ conversation: c, onClose }: Omit<Props, 'opened'>) {
  const skills = useQuery(skillsQuery)
  const outcomes = skills.data?.find((k) => k.id === c.skill)?.outcomes ?? []
  const [outcome, setOutcome] = useState('')
  const [summary, setSummary] = useState('')
  const [tried, setTried] = useState(false)
  const { close } = useCommands()
  const problem = tried && !outcome.trim() ? s.closing.choose : undefined
  return (
    <form onSubmit={(e) => {
      e.preventDefault()
      setTried(true)
      if (outcome.trim()) close.mutate({ id: c.id, rev: c.rev, outcome: outcome.trim(), ...(summary.trim() ? { summary: summary.trim() } : {}) }, { onSuccess: onClose })
    }}>
      <Stack gap="md">
        {skills.isPending ? <Skeleton h={34} /> : outcomes.length > 0 ? (
          <Input.Wrapper label={s.closing.outcome} error={problem} labelElement="div" labelProps={{ mb: 8 }}>
            <Chip.Group value={outcome} onChange={(v) => setOutcome(v)}>
              <div className={classes.outcomes} role="radiogroup" aria-label={s.closing.outcome}>
                {outcomes.map((o, i) => <Chip key={o} value={o} data-autofocus={i === 0 || undefined}>{o}</Chip>)}
              </div>
            </Chip.Group>
          </Input.Wrapper>
        ) : (
          <TextInput label={s.closing.outcome} placeholder={s.closing.outcomePlaceholder} value={outcome} onChange={(e) => setOutcome(e.currentTarget.value)} maxLength={60} error={problem} data-autofocus />
        )}
        <Textarea label={s.closing.summary} placeholder={s.closing.summaryPlaceholder} value={summary} onChange={(e) => setSummary(e.currentTarget.value)} autosize minRows={3} maxRows={8} maxLength={2000} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{s.transfer.cancel}</Button>
          <Button type="submit" loading={close.isPending}>{s.closing.submit}</Button>
        </Group>
      </Stack>
    </form>
  )
}
