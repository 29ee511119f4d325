import { expect, it } from 'vitest'
import { moodWords, scoreText } from './mood'

it.each([[-0.6, '−0.6'], [0.44, '+0.4'], [-0.04, '0.0'], [0, '0.0'], [1, '+1.0']])('writes %d as %s', (score, want) => {
  expect(scoreText(score)).toBe(want)
})

it('says it in words', () => {
  expect(moodWords({ score: -0.6, tone: 'negative' })).toBe('Sounds unhappy (−0.6)')
})
