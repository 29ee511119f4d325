import { Anchor, Badge, Button, Checkbox, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { useNames } from '../../desk/attention'
import { s } from '../../strings'
import { intentName } from '../../ui/intent'
import { Time } from '../../ui/time'
import { type Utterance, type UtteranceGroup } from './api'
import classes from './Learning.module.css'
import { t } from './strings'

const shownFirst = 6

type Props = { group: UtteranceGroup; marked?: ReadonlySet<number>; mark: (ids: number[], on: boolean) => void }

/** Group is texts that are like one another, with what they are nearest to; without `marked` they cannot be chosen. */
export function Group({ group: { utterances, suggestion }, marked, mark }: Props) {
  const [all, setAll] = useState(false)
  const heading = useId()
  const ids = utterances.map((u) => u.id)
  const texts = utterances.reduce((n, u) => n + (u.count ?? 1), 0)
  const count = ids.filter((id) => marked?.has(id)).length
  const shown = all ? utterances : utterances.slice(0, shownFirst)
  const settled = utterances[0]?.state !== 'open'
  return (
    <section className={classes.group} aria-labelledby={heading}>
      <div className={classes.head}>
        {marked && (
          <Checkbox checked={count === ids.length} indeterminate={count > 0 && count < ids.length} aria-label={t.all(ids.length)} onChange={(e) => mark(ids, e.currentTarget.checked)} />
        )}
        <Text component="h2" id={heading} variant="heading" mod="anywhere">
          {settled ? t.group(texts) : t.like[suggestion.kind](suggestion.kind === 'intent' ? intentName(suggestion.name ?? '') : (suggestion.name ?? ''))}
        </Text>
        {!settled && suggestion.kind !== 'new' && <Badge variant="light" color="gray">{t.likeness(suggestion.score)}</Badge>}
      </div>
      <ul className={classes.texts}>
        {shown.map((u) => (
          <li key={u.id} className={classes.text}>
            {marked ? <Checkbox checked={marked.has(u.id)} onChange={(e) => mark([u.id], e.currentTarget.checked)} label={<>{u.text}<Times of={u} /></>} description={<Origin of={u} />} /> : (
              <div><Text size="sm">{u.text}<Times of={u} /></Text><Text size="xs" c="dimmed"><Origin of={u} /></Text></div>
            )}
            <Anchor className={classes.source} size="xs" renderRoot={(props) => <Link to="/inbox/$view/{-$conversation}" params={{ view: 'all', conversation: u.conversation }} search={{ state: 'any' as const }} {...props} />}>
              <span aria-hidden>{t.open}</span><span className={classes.hidden}>{t.openFrom(u.text)}</span>
            </Anchor>
          </li>
        ))}
      </ul>
      {utterances.length > shown.length && <Button size="compact-xs" variant="subtle" mt="thin" onClick={() => setAll(true)}>{t.showAll(utterances.length)}</Button>}
    </section>
  )
}

/** Times is how often a text was written, when that was more than once. */
function Times({ of: u }: { of: Utterance }) {
  return u.count === undefined ? null : <>{' '}<Badge component="span" variant="light" color="gray" tt="none">{t.times(u.count)}</Badge></>
}

/** Origin is where a text comes from, and what became of it. */
function Origin({ of: u }: { of: Utterance }) {
  const who = useNames()(u.by) ?? s.desk.colleague
  const from = u.state === 'accepted' ? t.acceptedAs(u.question ?? intentName(u.intent ?? ''))
    : u.state === 'dismissed' ? t.dismissedBy(who)
    : u.source === 'agent' ? t.said(who, u.intent && intentName(u.intent))
    : u.source === 'answer' && u.question ? t.answered(u.question)
    : t.sources[u.source]
  return <>{from} · <Time at={u.at} /></>
}
