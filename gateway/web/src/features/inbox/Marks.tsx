import { Text } from '@mantine/core'
import type { Message } from '../../api'
import { previewOf } from '../../live/conversation'
import type { Line } from '../../live/thread'
import { s } from '../../strings'
import classes from './Transcript.module.css'
import { t } from './strings'

/** Quote is the message that another one answers; one that is not loaded is only told of. */
export function Quote({ of }: { of: Line | undefined }) {
  const who = !of ? '' : of.author === 'consumer' ? (of.author_name ?? s.desk.someone) : of.author === 'bot' ? (of.author_name ?? t.conversation.bot) : (of.author_name ?? t.conversation.brand)
  const text = !of ? t.marks.earlier : of.unsent_at ? t.marks.unsent : previewOf(of.content) || t.content.unsupported
  return (
    <blockquote className={classes.quote}>
      {who && <Text span size="xs" variant="strong">{who} </Text>}<Text span size="xs">{text}</Text>
    </blockquote>
  )
}

/** Reactions are the emoji on a message. */
export function Reactions({ all }: { all: NonNullable<Message['reactions']> }) {
  return (
    <ul className={classes.reactions} aria-label={t.marks.reactions}>
      {all.map((r) => <li key={r.by} title={r.by === 'consumer' ? t.marks.byConsumer : t.marks.byBrand}>{r.emoji}</li>)}
    </ul>
  )
}
