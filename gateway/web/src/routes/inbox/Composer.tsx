import { Alert, Button, SegmentedControl, Text, Textarea } from '@mantine/core'
import { IconBan, IconSend2 } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { type Conversation, type Detail, Failure, type Session } from '../../api'
import { useStore } from '../../live/store'
import { link, sendTyping } from '../../live/sync'
import { s } from '../../strings'
import { visible } from '../../../text/typing'
import { Keys } from '../../ui/parts'
import classes from './Composer.module.css'
import { draftsStore, setDraft } from './drafts'
import { Guard, type Conflict } from './Guard'
import { newClientId, send } from './outbox'
import type { Role } from './role'
import type { ThreadView } from './useThread'

const maxText = 5_000
const typingEveryMs = 3_000
const typingOverMs = 5_000

type Props = {
  conversation: Conversation
  detail: Detail | undefined
  role: Role
  session: Session
  thread: ThreadView
  focusMode?: { mode: 'reply' | 'note'; n: number }
}

function lockOf(c: Conversation, role: Role): string | undefined {
  if (role.mine) return undefined
  const { readOnly } = s.conversation
  if (c.state === 'closed') return readOnly.closed
  if (c.owner === 'queue') return readOnly.queue
  return c.owner === 'agent' ? readOnly.other(c.agent?.name ?? '') : readOnly.bot
}

/** Composer writes replies and notes. What is typed is kept per conversation until it is sent. */
export function Composer({ conversation: c, detail, role, session, thread, focusMode }: Props) {
  const draft = useStore(draftsStore)[c.id] ?? {}
  const connection = useStore(link).state
  const [conflict, setConflict] = useState<Conflict>()
  const input = useRef<HTMLTextAreaElement>(null)
  const lock = lockOf(c, role)
  const mode = role.mine ? (draft.mode ?? 'reply') : 'note'
  const text = draft[mode] ?? ''
  const over = text.length - maxText
  const optedOut = mode === 'reply' && detail?.consumer.opted_out === true
  const announce = useTyping(c.id)

  useEffect(() => {
    if (!focusMode) return
    if (role.mine) setDraft(c.id, { mode: focusMode.mode })
    input.current?.focus()
    // Only a new key press moves the focus.
  }, [focusMode]) // eslint-disable-line react-hooks/exhaustive-deps

  const submit = async (after: string, as: 'reply' | 'note' = mode) => {
    const body = (draft[mode] ?? '').trim()
    if (!visible(body) || body.length > maxText) return
    const note = as === 'note'
    setDraft(c.id, { [mode]: '' })
    setConflict(undefined)
    announce(false)
    try {
      await send({ client_id: newClientId(), conversation: c.id, text: body, note, after, at: Date.now(), state: 'sending' })
    } catch (err) {
      if (!(err instanceof Failure)) throw err
      // Nothing was sent: the words go back where they were written, before anything typed since.
      const since = draftsStore.get()[c.id]?.[mode]
      setDraft(c.id, { [mode]: since ? `${body}\n${since}` : body, mode })
      setConflict({ events: err.events ?? [], message: err.message, after })
    }
  }

  const placeholder = mode === 'note' ? s.composer.notePlaceholder : s.composer.replyTo(c.consumer.name)
  return (
    <div className={classes.area}>
      {conflict && (
        <Guard
          conflict={conflict} me={session.user.id} mayReply={role.mine}
          sendAnyway={(after) => void submit(after)}
          asNote={() => void submit(conflict.after, 'note')}
          discard={() => {
            setDraft(c.id, { [mode]: '' })
            setConflict(undefined)
          }}
          edit={() => {
            setConflict(undefined)
            input.current?.focus()
          }}
        />
      )}
      {lock && <p className={classes.hint}>{lock}</p>}
      {optedOut && <Alert color="red" variant="light" bg="light-dark(var(--mantine-color-red-0), rgb(255 107 107 / 13%))" mb={8} py={8} icon={<IconBan size={18} />}>{s.composer.optedOut}</Alert>}
      {connection === 'lost' && text && <p className={classes.hint}>{s.composer.offline}</p>}
      <div className={classes.box} data-note={mode === 'note' || undefined}>
        <Textarea
          ref={input} className={classes.input} value={text} autosize minRows={2} maxRows={10} placeholder={placeholder} aria-label={placeholder} variant="unstyled"
          onChange={(e) => {
            setDraft(c.id, { [mode]: e.currentTarget.value })
            if (mode === 'reply') announce(e.currentTarget.value !== '')
          }}
          onBlur={() => announce(false)}
          onKeyDown={(e) => {
            if (e.key === 'Enter' && (e.metaKey || e.ctrlKey)) {
              e.preventDefault()
              if (!optedOut) void submit(thread.cursor)
            } else if (e.key === 'Escape') e.currentTarget.blur()
          }}
        />
        <div className={classes.tools}>
          {role.mine && (
            <SegmentedControl
              size="xs" aria-label={s.composer.mode} value={mode} onChange={(m) => {
                setDraft(c.id, { mode: m as 'reply' | 'note' })
                input.current?.focus()
              }}
              data={[{ value: 'reply', label: s.composer.reply }, { value: 'note', label: s.composer.note }]}
            />
          )}
          {over > 0 && <Text size="sm" c="red" role="status">{s.composer.tooLong(over)}</Text>}
          <Button
            ml="auto" size="sm" color={mode === 'note' ? 'yellow' : undefined} disabled={!visible(text) || over > 0 || optedOut} onClick={() => void submit(thread.cursor)}
            leftSection={mode === 'note' ? undefined : <IconSend2 size={16} aria-hidden />} rightSection={<span className={classes.keys}><Keys combo="mod+Enter" /></span>}
          >
            {mode === 'note' ? s.composer.addNote : s.composer.send}
          </Button>
        </div>
      </div>
    </div>
  )
}

/** useTyping tells the consumer that somebody writes, and that they stopped. */
function useTyping(id: string) {
  const state = useRef({ on: false, told: 0, timer: undefined as ReturnType<typeof setTimeout> | undefined })
  useEffect(() => {
    const t = state.current
    return () => {
      clearTimeout(t.timer)
      if (t.on) sendTyping(id, false)
      t.on = false
    }
  }, [id])
  return (on: boolean) => {
    const t = state.current
    clearTimeout(t.timer)
    if (on) t.timer = setTimeout(() => {
      t.on = false
      sendTyping(id, false)
    }, typingOverMs)
    if (on === t.on && (!on || Date.now() - t.told < typingEveryMs)) return
    t.on = on
    t.told = Date.now()
    sendTyping(id, on)
  }
}
