import { describe, expect, it } from 'vitest'
import type { Conversation, Event, Message, Mood } from '../api'
import { applyToConversation } from './conversation'
import { writesIn } from './language'
import { place } from './thread'

const message = (over: Partial<Message> = {}): Message => ({
  id: 'm1', conversation: 'c1', seq: 1, author: 'consumer', note: false, content: { text: 'Hello' }, state: 'received', at: 1_000, ...over,
})
const event = (over: Partial<Event>): Event => ({ cursor: 'e1', at: 1_000, kind: 'message', actor: 'consumer', conversation: 'c1', ...over })
const conversation = (over: Partial<Conversation> = {}): Conversation => ({
  id: 'c1', state: 'open', owner: 'queue', rev: 4, channel: 'web', kind: 'webchat', consumer: { id: 'p1', name: 'Maya' },
  preview: 'Hi', preview_author: 'consumer', last_at: 900, created_at: 100, tags: [], priority: 0, ...over,
})
const unhappy: Mood = { score: -0.6, tone: 'negative' }
const happy: Mood = { score: 0.5, tone: 'positive' }

describe('the mood of a conversation', () => {
  it('comes with a consumer’s message and stays with an answer', () => {
    const heard = applyToConversation(conversation(), event({ message: message(), mood: unhappy }))
    const answered = applyToConversation(heard, event({ message: message({ id: 'm2', author: 'agent', at: 2_000 }) }))
    expect([heard.mood, answered.mood]).toEqual([unhappy, unhappy])
  })

  it('turns with a mood event', () => {
    expect(applyToConversation(conversation({ mood: unhappy }), event({ kind: 'mood', mood: happy })).mood).toEqual(happy)
  })

  it('ignores what is older than what was said last, and repeats', () => {
    const c = conversation({ mood: happy, last_at: 5_000 })
    expect(applyToConversation(c, event({ kind: 'mood', mood: unhappy }))).toBe(c)
    expect(applyToConversation(c, event({ message: message(), mood: unhappy }))).toBe(c)
    expect(applyToConversation(c, event({ kind: 'mood', at: 6_000, mood: { ...happy } }))).toBe(c)
  })
})

describe('what an agent said of a message', () => {
  const guess = { score: -0.3, tone: 'negative' as const, language: 'en' }
  const judged = { score: 1, tone: 'positive' as const, language: 'en', by: 'agent:u1' }

  it('takes the place of the guess', () => {
    expect(place([message({ heard: guess })], message({ heard: judged })).map((l) => l.heard)).toEqual([judged])
  })

  it('stays when the message’s own event comes again', () => {
    expect(place([message({ heard: judged })], message({ heard: guess })).map((l) => l.heard)).toEqual([judged])
    expect(place([message({ heard: judged })], message()).map((l) => l.heard)).toEqual([judged])
  })

  it('gives way to what is said later', () => {
    const later = { ...judged, score: 0, tone: 'neutral' as const }
    expect(place([message({ heard: judged })], message({ heard: later })).map((l) => l.heard)).toEqual([later])
  })
})

describe('writesIn', () => {
  const said = (languages: (string | undefined)[]) =>
    languages.map((language, i) => message({ id: `m${i}`, seq: i, ...(language ? { heard: { score: 0, tone: 'neutral', language } } : {}) }))

  it.each([
    [['de', 'en', 'de'], 'fr', 'de'],
    [['de', 'en'], 'fr', 'en'],
    [['en', undefined], 'fr', 'en'],
    [[undefined], 'fr', 'fr'],
    [[], undefined, undefined],
  ])('of %j, known %s, is %s', (languages, known, want) => {
    expect(writesIn(said(languages), 'c1', known)).toBe(want)
  })

  it('counts neither other conversations nor other authors', () => {
    const heard = { score: 0, tone: 'neutral' as const, language: 'de' }
    expect(writesIn([message({ conversation: 'c0', heard }), message({ author: 'agent', heard })], 'c1')).toBeUndefined()
  })
})
