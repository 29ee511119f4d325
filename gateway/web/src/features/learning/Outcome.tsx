import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { s } from '../../strings'
import { intentName } from '../../ui/intent'
import type { Lesson, Understood } from './api'
import { shareOf } from './hint'
import classes from './Learning.module.css'
import { t } from './strings'

type Props = { lesson: Lesson; back: () => void; onClose: () => void }

/** Outcome is what came of a lesson: learnt or refused and why, the accuracy before and after, what is understood otherwise. */
export function Outcome({ lesson: l, back, onClose }: Props) {
  return (
    <Stack gap="md">
      {l.accepted ? (
        <Alert color="teal" variant="light" role="status" icon={<IconCheck size={18} />} title={t.learnt(l.added.length)}>
          {l.version && <Text size="sm">{t.active(l.version.slice(0, 12))}</Text>}
        </Alert>
      ) : (
        <Alert color="orange" variant="light" role="alert" icon={<IconX size={18} />} title={t.refused}>
          <ul className={classes.reasons}>{l.reasons.map((r) => <li key={r}>{r}</li>)}</ul>
        </Alert>
      )}
      {l.intents_after.of + l.faq_after.of > 0 && (
        <Table withRowBorders={false} verticalSpacing={4} horizontalSpacing={6} fz="sm">
          <Table.Thead><Table.Tr><Table.Th>{t.accuracy}</Table.Th><Table.Th>{t.before}</Table.Th><Table.Th>{t.after}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            <Accuracy name={t.ofIntents} before={l.intents_before} after={l.intents_after} />
            {l.moved.slice(0, 10).map((m) => <Accuracy key={m.intent} name={intentName(m.intent)} before={m.before} after={m.after} part />)}
            <Accuracy name={t.ofFAQ} before={l.faq_before} after={l.faq_after} />
            <Accuracy name={t.ofTests} after={l.tests} />
          </Table.Tbody>
        </Table>
      )}
      {l.unplayed > 0 && <Text size="sm" c="dimmed">{t.unplayed(l.unplayed)}</Text>}
      {l.changed.length > 0 && (
        <section>
          <Text component="h3" size="sm" variant="strong" mb="thin">{l.accepted ? t.changed : t.wouldChange}</Text>
          <ul className={classes.quotes} tabIndex={0} aria-label={t.changed}>
            {l.changed.map((c) => (
              <li key={c.text}>{c.text}<Text size="xs" c="dimmed">{t.change(c.was ? intentName(c.was) : t.unknown, c.is ? intentName(c.is) : t.unknown)}</Text></li>
            ))}
          </ul>
        </section>
      )}
      <Group justify="flex-end">
        {!l.accepted && <Button variant="default" onClick={back}>{t.back}</Button>}
        <Button onClick={onClose} data-autofocus>{s.shell.close}</Button>
      </Group>
    </Stack>
  )
}

function Accuracy({ name, before, after, part }: { name: string; before?: Understood; after: Understood; part?: boolean }) {
  if (after.of === 0) return null
  return <Table.Tr><Table.Td pl={part ? 'lg' : undefined} className={classes.anywhere}>{name}</Table.Td><Table.Td>{before && before.of > 0 ? shareOf(before) : '–'}</Table.Td><Table.Td>{shareOf(after)}</Table.Td></Table.Tr>
}
