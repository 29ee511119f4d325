import { Alert, Autocomplete, Button, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, Failure, intentsQuery, messageOf, unwrap } from '../../api'
import { s } from '../../strings'
import { intentName } from '../../ui/intent'
import { submits } from '../../ui/parts'
import { faqQuery, type Lesson, type Utterance } from './api'
import type { Hint } from './hint'
import classes from './Learning.module.css'
import { Outcome } from './Outcome'
import { t } from './strings'

type Decision = { ids: number[]; intent?: string; question?: string; answer?: string }

type Props = { chosen: Utterance[]; hint: Hint; onClose: () => void; onLearnt: () => void }

/** AcceptForm makes texts examples of an intent or wordings of a question, and tells what came of it. */
export function AcceptForm({ chosen, hint, onClose, onLearnt }: Props) {
  const queries = useQueryClient()
  const intents = useQuery(intentsQuery).data ?? []
  const faq = useQuery(faqQuery).data?.filter((e) => e.active).map((e) => e.question) ?? []
  const [kind, setKind] = useState(hint.kind)
  const [names, setNames] = useState({ intent: hint.kind === 'intent' ? hint.name : '', question: hint.kind === 'question' ? hint.name : '' })
  const [answer, setAnswer] = useState('')
  const [tried, setTried] = useState(false)
  const accept = useMutation({
    mutationFn: (body: Decision) => unwrap<Lesson>(api.POST('/utterances/accept', { body })),
    onSuccess: (lesson) => {
      if (!lesson.accepted) return
      onLearnt()
      for (const key of ['intents', 'faq']) void queries.invalidateQueries({ queryKey: [key] })
    },
  })
  if (accept.data) return <Outcome lesson={accept.data} back={() => accept.reset()} onClose={onClose} />

  const name = names[kind].trim()
  const known = kind === 'intent' ? intents : faq
  const fresh = name !== '' && !known.includes(name)
  const asks = kind === 'question' && fresh
  const refused = accept.error instanceof Failure ? accept.error : undefined
  const wrong = (field: string) => (refused?.field === field ? refused.message : undefined)
  const beside = refused?.field === kind || (asks && refused?.field === 'answer')
  const submit = () => {
    setTried(true)
    if (!name || (asks && !answer.trim())) return
    const ids = chosen.map((u) => u.id)
    accept.mutate(kind === 'intent' ? { ids, intent: name } : { ids, question: name, ...(asks ? { answer: answer.trim() } : {}) })
  }
  return (
    <form onSubmit={submits(submit)}>
      <Stack gap="md">
        <ul className={classes.quotes} tabIndex={0} aria-label={t.chosenTexts}>{chosen.map((u) => <li key={u.id}>{u.text}{u.count !== undefined && ` · ${t.times(u.count)}`}</li>)}</ul>
        <SegmentedControl aria-label={t.as} value={kind} onChange={(k) => {
          setKind(k as Hint['kind'])
          accept.reset()
        }} data={[{ value: 'intent', label: t.asIntent }, { value: 'question', label: t.asQuestion }]} />
        <Autocomplete
          key={kind} label={t.name[kind]} description={fresh ? t.fresh[kind] : t.nameHint[kind]} value={names[kind]} data={known} maxLength={kind === 'intent' ? 80 : 500}
          renderOption={({ option }) => <>{kind === 'intent' ? intentName(option.value) : option.value}</>}
          limit={20} openOnFocus={false} comboboxProps={{ withinPortal: false }} data-autofocus error={wrong(kind) ?? (tried && !name ? t.choose[kind] : undefined)}
          onChange={(v) => {
            setNames({ ...names, [kind]: v })
            accept.reset()
          }}
        />
        {asks && (
          <Textarea
            label={t.answer} description={t.answerHint} value={answer} autosize minRows={3} maxRows={10} maxLength={8000} error={wrong('answer') ?? (tried && !answer.trim() ? t.writeAnswer : undefined)}
            onChange={(e) => {
              setAnswer(e.currentTarget.value)
              accept.reset()
            }}
          />
        )}
        {accept.error && !beside && (
          <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle size={18} />}>{messageOf(accept.error)}</Alert>
        )}
        <Text size="xs" c="dimmed">{t.check}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{s.transfer.cancel}</Button>
          <Button type="submit" loading={accept.isPending}>{t.teach}</Button>
        </Group>
      </Stack>
    </form>
  )
}
