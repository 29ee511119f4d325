import { Button, Modal, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { IconChecks } from '@tabler/icons-react'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, unwrap } from '../../api'
import { s } from '../../strings'
import { ErrorAlert, Nothing } from '../../ui/parts'
import { tell, tellFailure } from '../../ui/tell'
import { type Utterance, type UtteranceState, utterancesQuery } from './api'
import { AcceptForm } from './AcceptForm'
import { Group } from './Group'
import classes from './Learning.module.css'
import { hintOf } from './hint'
import { t } from './strings'

const step = 50
const mostGroups = 200
const mostAtOnce = 200

type Props = { state: UtteranceState; admin: boolean; show: (state: UtteranceState) => void }

/** Groups are the texts of a state, with likeness as the only order; open ones can be chosen, accepted and put aside. */
export function Groups({ state, admin, show }: Props) {
  const queries = useQueryClient()
  const [limit, setLimit] = useState(step)
  const query = useQuery({ ...utterancesQuery(state, limit), placeholderData: keepPreviousData })
  const [marked, setMarked] = useState<ReadonlySet<number>>(new Set())
  const [accepting, setAccepting] = useState<Utterance[]>()
  const groups = query.data?.groups ?? []
  // What somebody else settled meanwhile is not chosen any more.
  const chosen = groups.flatMap((g) => g.utterances).filter((u) => marked.has(u.id))
  const ids = chosen.map((u) => u.id)
  const mark = (which: number[], on: boolean) =>
    setMarked((old) => new Set(on ? [...old, ...which] : [...old].filter((id) => !which.includes(id))))
  const settled = () => {
    setMarked(new Set())
    void queries.invalidateQueries({ queryKey: ['utterances'] })
  }
  const dismiss = useMutation({
    mutationFn: (which: number[]) => unwrap(api.POST('/utterances/dismiss', { body: { ids: which } })),
    onSuccess: (_none, which) => {
      tell(t.dismissed(which.length))
      settled()
    },
    onError: (err) => {
      tellFailure(err)
      void queries.invalidateQueries({ queryKey: ['utterances'] })
    },
  })
  const total = query.data?.total ?? 0
  return (
    <>
      <SegmentedControl
        size="xs" aria-label={t.state} value={state} onChange={(v) => show(v as UtteranceState)} mb="md"
        data={(['open', 'accepted', 'dismissed'] as const).map((v) => ({ value: v, label: t.states[v] }))}
      />
      {query.isError && !query.data && <ErrorAlert title={s.errors.utterances} error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Stack gap="sm" aria-hidden>{[120, 150, 90].map((h) => <Skeleton key={h} height={h} radius="md" />)}</Stack>}
      {query.data && groups.length === 0 && <Nothing icon={<IconChecks stroke={1.5} />} title={t.empty[state]} text={t.emptyText[state]} />}
      <Stack gap="sm">
        {groups.map((g) => <Group key={g.utterances[0]?.id} group={g} marked={state === 'open' ? marked : undefined} mark={mark} />)}
      </Stack>
      {groups.length < Math.min(total, mostGroups) && (
        <Button variant="subtle" size="sm" mt="sm" fullWidth loading={query.isFetching} onClick={() => setLimit(Math.min(mostGroups, limit + step))}>{t.more(groups.length, total)}</Button>
      )}
      {groups.length >= mostGroups && total > mostGroups && <Text size="sm" c="dimmed" ta="center" mt="sm">{t.cut(mostGroups, total)}</Text>}
      {chosen.length > 0 && (
        <section className={classes.bar} aria-label={t.chosenLabel}>
          <Text size="sm" variant="strong" role="status">{chosen.length > mostAtOnce ? t.tooMany(chosen.length, mostAtOnce) : t.chosen(chosen.length)}</Text>
          <div className={classes.acts}>
            <Button size="xs" variant="subtle" color="gray" onClick={() => setMarked(new Set())}>{t.clear}</Button>
            <Button size="xs" variant="default" disabled={chosen.length > mostAtOnce} loading={dismiss.isPending} onClick={() => dismiss.mutate(ids)}>{t.dismiss}</Button>
            {admin && <Button size="xs" disabled={chosen.length > mostAtOnce} onClick={() => setAccepting(chosen)}>{t.accept}</Button>}
          </div>
          {!admin && <Text size="xs" c="dimmed" className={classes.line}>{t.adminsAccept}</Text>}
        </section>
      )}
      <Modal opened={accepting !== undefined} onClose={() => setAccepting(undefined)} title={t.acceptTitle(accepting?.length ?? 0)} size="lg">
        {accepting && <AcceptForm chosen={accepting} hint={hintOf(groups, accepting)} onClose={() => setAccepting(undefined)} onLearnt={settled} />}
      </Modal>
    </>
  )
}
