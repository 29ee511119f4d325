import { Button, Chip, Group, Input, NativeSelect, Skeleton, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Conversation, detailQuery, type ExpectedField, Failure, skillsQuery } from '../../api'
import { s } from '../../strings'
import { useCommands } from '../../desk/commands'
import { submits } from '../../ui/parts'
import classes from './Dialogs.module.css'
import { type Answers, labelOf, typed } from './fields'
import { t } from './strings'

type Props = { conversation: Conversation; onClose: () => void }

/** CloseForm ends the conversation with an outcome of its skill, what its bot wants to know, and a summary for whoever comes next. */
export function CloseForm({ conversation: c, onClose }: Props) {
  const skills = useQuery(skillsQuery)
  const outcomes = skills.data?.find((k) => k.id === c.skill)?.outcomes ?? []
  const [outcome, setOutcome] = useState('')
  const [summary, setSummary] = useState('')
  const [tried, setTried] = useState(false)
  const detail = useQuery(detailQuery(c.id))
  const expects = detail.data?.handoff?.expects ?? []
  const [answers, setAnswers] = useState<Answers>({})
  const { fields, problems } = typed(expects, answers)
  const { close } = useCommands()
  const refused = close.error instanceof Failure ? close.error : undefined
  const problem = tried && !outcome.trim() ? t.closing.choose : undefined
  return (
    <form onSubmit={submits(() => {
      setTried(true)
      if (!outcome.trim() || Object.keys(problems).length > 0) return
      const more = { ...(summary.trim() ? { summary: summary.trim() } : {}), ...(expects.length > 0 ? { fields } : {}) }
      close.mutate({ id: c.id, rev: c.rev, outcome: outcome.trim(), ...more }, { onSuccess: onClose })
    })}>
      <Stack gap="md">
        {skills.isPending ? <Skeleton height={34} /> : outcomes.length > 0 ? (
          <Input.Wrapper label={t.closing.outcome} error={problem} labelElement="div" labelProps={{ mb: 8 }}>
            <Chip.Group value={outcome} onChange={(v) => setOutcome(v)}>
              <div className={classes.outcomes} role="radiogroup" aria-label={t.closing.outcome}>
                {outcomes.map((o, i) => <Chip key={o} value={o} data-autofocus={i === 0 || undefined}>{o}</Chip>)}
              </div>
            </Chip.Group>
          </Input.Wrapper>
        ) : (
          <TextInput label={t.closing.outcome} placeholder={t.closing.outcomePlaceholder} value={outcome} onChange={(e) => setOutcome(e.currentTarget.value)} maxLength={60} error={problem} data-autofocus />
        )}
        {detail.isPending ? <Skeleton height={34} /> : expects.map((f) => (
          <Expected key={f.name} field={f} value={answers[f.name] ?? ''} onChange={(v) => {
            setAnswers({ ...answers, [f.name]: v })
            close.reset()
          }} error={(tried ? problems[f.name] : undefined) ?? (refused?.field === `fields.${f.name}` ? t.closing.wrong(labelOf(f), refused.message) : undefined)} />
        ))}
        <Textarea label={t.closing.summary} placeholder={t.closing.summaryPlaceholder} value={summary} onChange={(e) => setSummary(e.currentTarget.value)} autosize minRows={3} maxRows={8} maxLength={2000} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{s.transfer.cancel}</Button>
          <Button type="submit" loading={close.isPending}>{t.closing.submit}</Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Expected is one thing that the bot wants to know from whoever closes. */
function Expected({ field: f, value, onChange, error }: { field: ExpectedField; value: string; onChange: (v: string) => void; error?: string }) {
  const common = { label: labelOf(f), withAsterisk: f.required, 'aria-required': f.required, error, value, onChange: (e: { currentTarget: { value: string } }) => onChange(e.currentTarget.value) }
  switch (f.kind) {
    case 'boolean':
      return <NativeSelect {...common} data={[{ value: '', label: t.closing.unset }, { value: 'true', label: t.closing.yes }, { value: 'false', label: t.closing.no }]} />
    case 'choice':
      return <NativeSelect {...common} data={[{ value: '', label: t.closing.unset }, ...(f.choices ?? [])]} />
    case 'date':
      return <TextInput {...common} type="date" />
    case 'number':
      return <TextInput {...common} inputMode="decimal" maxLength={30} />
  }
  return <TextInput {...common} maxLength={1000} />
}
