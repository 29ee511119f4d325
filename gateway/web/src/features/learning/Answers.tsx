import { Badge, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconMessageQuestion } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { s } from '../../strings'
import { ErrorAlert, Nothing } from '../../ui/parts'
import { Time } from '../../ui/time'
import { type FAQEntry, faqQuery } from './api'
import classes from './Learning.module.css'
import { t } from './strings'

/** Answers are the FAQ's entries with whom they helped, those that helped least first, as the server orders them. */
export function Answers() {
  const query = useQuery(faqQuery)
  if (query.isError && !query.data) return <ErrorAlert title={s.errors.faq} error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Stack gap="close" aria-hidden>{[1, 2, 3, 4].map((n) => <Skeleton key={n} height={44} />)}</Stack>
  if (query.data.length === 0) return <Nothing icon={<IconMessageQuestion stroke={1.5} />} title={t.noAnswers} text={t.noAnswersText} />
  return (
    <Table verticalSpacing="xs" captionSide="top">
      <Table.Caption className={classes.caption}>{t.answersLead}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t.question}</Table.Th>
          <Table.Th className={classes.number}>{t.helped}</Table.Th>
          <Table.Th className={classes.number}>{t.unhelped}</Table.Th>
          <Table.Th className={classes.number} visibleFrom="sm">{t.share}</Table.Th>
          <Table.Th visibleFrom="sm">{t.last}</Table.Th>
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
        <Text size="sm" variant="name" mod="anywhere">{e.question}</Text>
        <Group className={classes.wordings}>
          <Text size="xs" c="dimmed">{t.wordings(e.wordings)}</Text>
          {!e.active && <Badge size="sm" variant="light" color="gray">{t.inactive}</Badge>}
        </Group>
      </Table.Td>
      <Table.Td className={classes.number}>{e.helped}</Table.Td>
      <Table.Td className={classes.number}>{e.unhelped}</Table.Td>
      <Table.Td className={classes.number} visibleFrom="sm">{words > 0 ? `${Math.round((100 * e.helped) / words)} %` : '–'}</Table.Td>
      <Table.Td visibleFrom="sm">{e.at ? <Time at={e.at} /> : <Text span size="sm" c="dimmed">{t.nobody}</Text>}</Table.Td>
    </Table.Tr>
  )
}
