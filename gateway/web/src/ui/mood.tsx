import { Tooltip } from '@mantine/core'
import { IconMoodSad, IconMoodSmile } from '@tabler/icons-react'
import type { Mood } from '../api'
import { s } from '../strings'
import classes from './parts.module.css'

/** scoreText is a score of −1 to 1 with its sign: `−0.6`, `+0.4`, `0.0`. */
export function scoreText(score: number): string {
  const text = Math.abs(score).toFixed(1)
  return text === '0.0' ? text : `${score < 0 ? '−' : '+'}${text}`
}

/** moodWords is how the consumer sounds: `Sounds unhappy (−0.6)`. */
export const moodWords = (m: Mood) => s.mood.scored(s.mood[m.tone], scoreText(m.score))

const icons = { negative: IconMoodSad, positive: IconMoodSmile }

/** MoodMark is a small face for a consumer who sounds unhappy or happy, and nothing otherwise; bare, where words stand beside it. */
export function MoodMark({ mood, size = 15, bare }: { mood: Mood | undefined; size?: number; bare?: boolean }) {
  if (!mood || mood.tone === 'neutral') return null
  const Icon = icons[mood.tone]
  const look = { size, stroke: 1.9, className: classes.mood, 'data-tone': mood.tone }
  const words = s.mood.hint(moodWords(mood))
  return <Tooltip label={words}>{bare ? <Icon {...look} aria-hidden /> : <Icon {...look} role="img" aria-label={words} />}</Tooltip>
}
