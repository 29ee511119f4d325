import { Combobox, Skeleton, Stack, Text, TextInput, useCombobox } from '@mantine/core'
import { IconBulbOff, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { intentsQuery } from '../../api'
import type { Line } from '../../live/thread'
import { s } from '../../strings'
import { intentName } from '../../ui/intent'
import { ErrorAlert, Nothing } from '../../ui/parts'
import classes from './Dialogs.module.css'
import { useHearing } from './hearing'
import { t } from './strings'

// No intent has a name of blanks.
const none = ' '

/** MeaningForm asks which of the brand's intents a consumer's message is, or that it is none of them. */
export function MeaningForm({ line, onClose }: { line: Line; onClose: () => void }) {
  const intents = useQuery(intentsQuery)
  const [find, setFind] = useState('')
  const { mean } = useHearing()
  const combobox = useCombobox({ opened: true })
  // The input says that its list is there only once it is drawn.
  const [, drawn] = useState<HTMLDivElement | null>(null)
  const { resetSelectedOption } = combobox
  useEffect(() => resetSelectedOption(), [find]) // eslint-disable-line react-hooks/exhaustive-deps
  const q = find.trim().toLowerCase()
  const found = intents.data?.filter((i) => i.toLowerCase().includes(q) || i.replaceAll('_', ' ').toLowerCase().includes(q)) ?? []

  const choose = (value: string) => {
    if (!mean.isPending) mean.mutate({ line, intent: value === none ? null : value }, { onSuccess: onClose })
  }
  if (intents.isError) return <ErrorAlert title={s.errors.intents} error={intents.error} retry={() => void intents.refetch()} />
  if (intents.data?.length === 0) return <Nothing icon={<IconBulbOff stroke={1.5} />} title={t.hearing.noIntents} text={t.hearing.noIntentsText} />
  return (
    <Stack gap="sm">
      <blockquote className={classes.quote}>{line.content.text}</blockquote>
      <Combobox store={combobox} onOptionSubmit={choose} withinPortal={false}>
        <Combobox.EventsTarget withExpandedAttribute>
          <TextInput value={find} onChange={(e) => setFind(e.currentTarget.value)} placeholder={t.hearing.find} aria-label={t.hearing.find} maxLength={80} leftSection={<IconSearch size={16} aria-hidden />} data-autofocus />
        </Combobox.EventsTarget>
        {intents.isPending && <Stack gap="close" mt="close" aria-hidden>{[1, 2, 3, 4].map((n) => <Skeleton key={n} height={32} />)}</Stack>}
        {intents.data && <Combobox.Options ref={drawn} className={classes.options} aria-label={t.hearing.list} aria-busy={mean.isPending}>
          {found.map((i) => <Combobox.Option key={i} value={i} className={classes.intent}>{intentName(i)}</Combobox.Option>)}
          <Combobox.Option value={none} className={classes.intent}>
            <span>{t.hearing.none}</span> <Text span size="xs" c="dimmed">{t.hearing.noneText}</Text>
          </Combobox.Option>
        </Combobox.Options>}
        {intents.data && found.length === 0 && <Text size="sm" c="dimmed" role="status">{t.hearing.noMatch(find.trim())}</Text>}
      </Combobox>
      <Text size="xs" c="dimmed">{t.hearing.lead}</Text>
    </Stack>
  )
}
