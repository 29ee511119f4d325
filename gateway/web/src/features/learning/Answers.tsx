import { Badge, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconMessageQuestion } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FAQEntry, faqQuery } from '../../api'
import { s } from '../../strings'
import { ErrorAlert, Nothing } from '../../ui/parts'
import { Time } from '../../ui/time'
import classes from './Learning.module.css'

/** Answers are the FAQ's entries with whom they helped, those that helped least first, as the server orders them. */
export function Answers() {
  const query = useQuery(faqQuery)
  if (query.isError && !query.data) return <ErrorAlert title={s.errors.faq} error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Stack gap={8} aria-hidden>{[1, 2, 3, 4].map((n) => <Skeleton key={n} h={44} />)}</Stack>
  if (query.data.length === 0) return <Nothing icon={<IconMessageQuestion stroke={1.5} />} title={s.learning.noAnswers} text={s.learning.noAnswersText} />
  return (
    <Table verticalSpacing="xs" captionSide="top">
      <Table.Caption ta="left" mt={0}>{s.learning.answersLead}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{s.learning.question}</Table.Th>
          <Table.Th className={classes.number}>{s.learning.helped}</Table.Th>
          <Table.Th className={classes.number}>{s.learning.unhelped}</Table.Th>
          <Table.Th className={classes.number} visibleFrom="sm">{s.learning.share}</Table.Th>
          <Table.Th visibleFrom="sm">{s.learning.last}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{query.data.map((e) => <Entry key={e.question} entry={e} />)}</Table.Tbody>
    </Table>
  )
}

function Entry({ entry: e }: { entry: FAQEntry }) {
  const words = e.helped + e.unhelped
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>{e.question}</Text>
        <Group gap="2px 8px">
          <Text size="xs" c="dimmed">{s.learning.wordings(e.wordings)}</Text>
          {!e.active && <Badge size="sm" variant="light" color="gray">{s.learning.inactive}</Badge>}
        </Group>
      </Table.Td>
      <Table.Td className={classes.number}>{e.helped}</Table.Td>
      <Table.Td className={classes.number}>{e.unhelped}</Table.Td>
      <Table.Td className={classes.number} visibleFrom="sm">{words > 0 ? `${Math.round((100 * e.helped) / words)} %` : '–'}</Table.Td>
      <Table.Td visibleFrom="sm">{e.at ? <Time at={e.at} /> : <Text span size="sm" c="dimmed">{s.learning.nobody}</Text>}</Table.Td>
    </Table.Tr>
  )
}
