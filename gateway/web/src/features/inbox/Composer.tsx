import { Alert, Button, SegmentedControl, Text, Textarea } from '@mantine/core'
import { IconBan, IconSend2 } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { Conversation, Detail } from '../../api'
import { latest } from '../../live/cursor'
import { useStore } from '../../live/store'
import { useLive } from '../../live/live'
import { visible } from '../../../text/typing'
import { Keys } from '../../ui/parts'
import classes from './Composer.module.css'
import type { Conflict } from '../../desk/drafts'
import { Guard } from './Guard'
import { useDesk } from '../../desk/desk'
import type { Role } from './role'
import type { ThreadView } from './useThread'
import { t } from './strings'

const maxText = 5_000
const typingEveryMs = 3_000
const typingOverMs = 5_000

type Props = {
  conversation: Conversation
  detail: Detail | undefined
  role: Role
  thread: ThreadView
  focusMode?: { mode: 'reply' | 'note'; n: number }
}

function lockOf(c: Conversation, role: Role): string | undefined {
  if (role.mine) return undefined
  const { readOnly } = t.conversation
  if (c.state === 'closed') return readOnly.closed
  if (c.owner === 'queue') return readOnly.queue
  return c.owner === 'agent' ? readOnly.other(c.agent?.name ?? '') : readOnly.bot
}

/** Composer writes replies and notes. What is typed is kept per conversation until it is sent. */
export function Composer({ conversation: c, detail, role, thread, focusMode }: Props) {
  const desk = useDesk()
  const draft = useStore(desk.drafts)[c.id] ?? {}
  const connection = useStore(desk.live.link).state
  const input = useRef<HTMLTextAreaElement>(null)
  const lock = lockOf(c, role)
  const mode = role.mine ? (draft.mode ?? 'reply') : 'note'
  const text = draft[mode] ?? ''
  const over = text.length - maxText
  const placeholder = mode === 'note' ? t.composer.notePlaceholder : t.composer.replyTo(c.consumer.name)
  const optedOut = mode === 'reply' && detail?.consumer.opted_out === true
  const announce = useTyping(c.id)

  useEffect(() => {
    if (!focusMode) return
    if (role.mine) desk.setDraft(c.id, { mode: focusMode.mode })
    input.current?.focus()
    // Only a new key press moves the focus.
  }, [focusMode]) // eslint-disable-line react-hooks/exhaustive-deps

  // Who has not seen the messages yet could answer what was answered.
  const blind = mode === 'reply' && thread.query.isPending && thread.query.failureCount === 0
  const ready = visible(text) && over <= 0 && !optedOut && !blind
  const submit = (after: string) => {
    if (!ready) return
    desk.send(c.id, text.trim(), mode === 'note', after)
    desk.setDraft(c.id, { [mode]: '', ...(role.mine ? {} : { mode: undefined }) })
    announce(false)
  }

  return (
    <div className={classes.area}>
      <Stranded conversation={c} mine={role.mine} lock={lock} seen={thread.cursor} focus={() => input.current?.focus()} />
      {lock && <p className={classes.hint}>{lock}</p>}
      {optedOut && <Alert color="red" variant="light" mb="close" py="close" icon={<IconBan size={18} />}>{t.composer.optedOut}</Alert>}
      {connection === 'lost' && text && <p className={classes.hint}>{t.composer.offline}</p>}
      <div className={classes.box} data-note={mode === 'note' || undefined}>
        <Textarea
          ref={input} className={classes.input} value={text} autosize minRows={2} maxRows={10} placeholder={placeholder} aria-label={placeholder} variant="unstyled"
          onChange={(e) => {
            const { value } = e.currentTarget
            // A note stays a note when the conversation becomes mine under the hands: it is not for the consumer.
            desk.setDraft(c.id, { [mode]: value, ...(role.mine ? {} : { mode: value ? 'note' : undefined }) })
            if (mode === 'reply') announce(value !== '')
          }}
          onBlur={() => announce(false)}
          onKeyDown={(e) => {
            if (e.key === 'Enter' && (e.metaKey || e.ctrlKey)) {
              e.preventDefault()
              submit(thread.cursor)
            } else if (e.key === 'Escape') e.currentTarget.blur()
          }}
        />
        <div className={classes.tools}>
          {role.mine && (
            <SegmentedControl
              size="xs" aria-label={t.composer.mode} value={mode} onChange={(m) => {
                desk.setDraft(c.id, { mode: m as 'reply' | 'note' })
                input.current?.focus()
              }}
              data={[{ value: 'reply', label: t.composer.reply }, { value: 'note', label: t.composer.note }]}
            />
          )}
          {over > 0 && <Text size="sm" c="red" role="status">{t.composer.tooLong(over)}</Text>}
          <Button
            ml="auto" size="sm" color={mode === 'note' ? 'yellow' : undefined} disabled={!ready} onClick={() => submit(thread.cursor)}
            leftSection={mode === 'note' ? undefined : <IconSend2 size={16} aria-hidden />} rightSection={<span className={classes.keys}><Keys combo="mod+Enter" /></span>}
          >
            {mode === 'note' ? t.composer.addNote : t.composer.send}
          </Button>
        </div>
      </div>
    </div>
  )
}

type StrandedProps = { conversation: Conversation; mine: boolean; lock?: string; seen: string; focus: () => void }

/** Stranded is what was written here and not sent: a reply that came back, one that somebody else's turn made impossible, and what is held. */
function Stranded({ conversation: c, mine, lock, seen, focus }: StrandedProps) {
  const desk = useDesk()
  const draft = useStore(desk.drafts)[c.id]
  const unsent = useStore(desk.outbox)
  const held = Object.values(unsent).filter((u) => u.conversation === c.id && u.state === 'held').sort((a, b) => a.at - b.at)
  const reply = draft?.reply?.trim()
  const conflict = draft?.conflict
  const dropReply = () => desk.setDraft(c.id, { reply: '', conflict: undefined })
  const sendReply = (after: string, note: boolean) => {
    if (!reply) return
    desk.send(c.id, reply, note, after)
    dropReply()
  }
  const replyAsNote = () => sendReply(seen, true)
  const sawAll = (k: Conflict) => latest(k.events.at(-1)?.cursor ?? k.after, seen)
  return (
    <>
      {held.map((u) => {
        const told = u.conflict ?? { events: [], message: '', after: u.after }
        const mode = u.note ? 'note' : 'reply'
        // Nothing that stands in the composer is written over.
        const free = !draft?.[mode] && (u.note || mine)
        return (
          <Guard
            key={u.client_id} conflict={told} words={u.text}
            send={u.note || mine ? { label: t.composer.sendAgain, act: () => desk.sendAgain(u, sawAll(told)) } : undefined}
            asNote={u.note ? undefined : () => {
              desk.send(c.id, u.text, true, seen)
              desk.outbox.drop(u.client_id)
            }}
            edit={free ? () => {
              desk.setDraft(c.id, { [mode]: u.text, mode })
              desk.outbox.drop(u.client_id)
              focus()
            } : undefined}
            discard={() => desk.outbox.drop(u.client_id)}
          />
        )
      })}
      {mine && reply && conflict && (
        <Guard
          conflict={conflict} send={{ label: t.composer.sendAnyway, act: () => sendReply(sawAll(conflict), false) }} asNote={replyAsNote} discard={dropReply}
          edit={() => {
            desk.setDraft(c.id, { conflict: undefined })
            focus()
          }}
        />
      )}
      {!mine && reply && <Guard conflict={conflict ?? { events: [], message: lock ?? '', after: seen }} words={reply} asNote={replyAsNote} discard={dropReply} />}
    </>
  )
}

/** useTyping tells the consumer that somebody writes, and that they stopped. */
function useTyping(id: string) {
  const live = useLive()
  const state = useRef({ on: false, told: 0, timer: undefined as ReturnType<typeof setTimeout> | undefined })
  useEffect(() => {
    const t = state.current
    return () => {
      clearTimeout(t.timer)
      if (t.on) live.sendTyping(id, false)
      t.on = false
    }
  }, [id, live])
  return (on: boolean) => {
    const t = state.current
    clearTimeout(t.timer)
    if (on) t.timer = setTimeout(() => {
      t.on = false
      live.sendTyping(id, false)
    }, typingOverMs)
    if (on === t.on && (!on || Date.now() - t.told < typingEveryMs)) return
    t.on = on
    t.told = Date.now()
    live.sendTyping(id, on)
  }
}
