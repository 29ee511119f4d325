import { describe, expect, it } from 'vitest'
import type { Conversation, Event, Message } from '../api'
import { applyToConversation } from './conversation'
import { applyToThread, type Thread } from './thread'

const message: Message = { id: 'm1', conversation: 'c1', seq: 1, author: 'consumer', note: false, content: { text: 'at eigth' }, state: 'received', at: 1_000 }
const thread: Thread = { lines: [message], more: false, cursor: 'e1', page: 'e1' }
const event = (over: Partial<Event>): Event => ({ cursor: 'e2', at: 2_000, kind: 'marked', actor: 'consumer', conversation: 'c1', ...over })
const conversation: Conversation = {
  id: 'c1', state: 'open', owner: 'queue', rev: 4, channel: 'c', kind: 'k', consumer: { id: 'p1', name: 'Maya' },
  preview: 'at eigth', preview_author: 'consumer', last_at: 900, created_at: 100, tags: [], priority: 0,
}
const edited = event({ marked: { message: 'm1', content: { text: 'at eight' }, reactions: [], edited_at: 2_000, preview: 'at eight' }, rev: 5 })
const reacted = event({ cursor: 'e3', marked: { message: 'm1', reactions: [{ by: 'consumer', emoji: '👍' }], edited_at: 2_000 } })

describe('what happens to a message', () => {
  it('changes its words and keeps them through what is told again', () => {
    const after = [edited, reacted, event({ cursor: 'e1', kind: 'message', message })].reduce(applyToThread, thread)
    expect(after.lines).toEqual([{ ...message, content: { text: 'at eight' }, reactions: [{ by: 'consumer', emoji: '👍' }], edited_at: 2_000 }])
  })

  it('takes words and reactions away', () => {
    const gone = event({ cursor: 'e4', marked: { message: 'm1', content: {}, reactions: [], unsent_at: 3_000 } })
    const [line] = [edited, reacted, gone].reduce(applyToThread, thread).lines
    expect(line).toEqual({ ...message, content: {}, reactions: [], unsent_at: 3_000, edited_at: undefined })
  })

  it('changes the preview of the conversation, when it tells of one', () => {
    const after = applyToConversation(conversation, edited)
    expect([after.preview, after.rev]).toEqual(['at eight', 5])
    expect(applyToConversation(after, reacted)).toBe(after)
    expect(applyToConversation({ ...conversation, rev: 6 }, edited).preview).toBe('at eigth')
  })
})
