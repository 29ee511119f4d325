import { describe, expect, it } from 'vitest'
import type { Utterance, UtteranceGroup } from './api'
import { hintOf, shareOf } from './hint'

const text = (id: number): Utterance => ({ id, conversation: 'c1', text: `text ${id}`, source: 'intent', state: 'open', guesses: [], at: 0 })
const group = (kind: UtteranceGroup['suggestion']['kind'], name: string | undefined, ...ids: number[]): UtteranceGroup => ({
  utterances: ids.map(text), suggestion: { kind, score: 0.5, ...(name ? { name } : {}) },
})
const groups = [group('intent', 'a', 1, 2), group('faq', 'Why?', 3), group('intent', 'a', 4), group('intent', 'b', 5), group('new', undefined, 6)]

describe('hintOf', () => {
  it.each([
    [[1, 2], { kind: 'intent', name: 'a' }],
    [[1, 4], { kind: 'intent', name: 'a' }],
    [[3], { kind: 'question', name: 'Why?' }],
    [[1, 5], { kind: 'intent', name: '' }],
    [[1, 3], { kind: 'intent', name: '' }],
    [[6], { kind: 'intent', name: '' }],
    [[], { kind: 'intent', name: '' }],
  ])('of %j is %j', (ids, want) => {
    expect(hintOf(groups, ids.map(text))).toEqual(want)
  })
})

it('writes a share with what it is of', () => {
  expect(shareOf({ right: 191, of: 204 })).toBe('93.6 % (191 of 204)')
})
