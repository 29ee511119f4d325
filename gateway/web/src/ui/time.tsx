import { useLive } from '../live/live'
import { useStore } from '../live/store'
import { s } from '../strings'

/** useNow is the gateway's time in ms, fresh every second. */
export const useNow = () => useStore(useLive().clock)

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const clockTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const dayMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const dayMonthYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const weekdayTime = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' })
const longDay = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

/** span says how long ms is: `now`, `4 min`, `2 h`, `3 d`. */
export function span(ms: number): string {
  if (ms < minute) return s.time.now
  if (ms < hour) return s.time.min(Math.floor(ms / minute))
  if (ms < 2 * day) return s.time.hours(Math.floor(ms / hour))
  return s.time.days(Math.floor(ms / day))
}

/** waited is span, but says `under 1 min` for short ones, to stand in a sentence. */
export const waited = (ms: number) => (ms < minute ? s.time.seconds(Math.max(0, Math.floor(ms / 1_000))) : span(ms))

export const clockOf = (at: number) => clockTime.format(at)
export const opening = (at: number) => weekdayTime.format(at)
export const date = (at: number, now: number) =>
  new Date(at).getFullYear() === new Date(now).getFullYear() ? dayMonth.format(at) : dayMonthYear.format(at)

const startOfDay = (at: number) => new Date(at).setHours(0, 0, 0, 0)
export const sameDay = (a: number, b: number) => startOfDay(a) === startOfDay(b)

export function dayName(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / day)
  if (days === 0) return s.time.today
  if (days === 1) return s.time.yesterday
  return days < 300 ? longDay.format(at) : dayMonthYear.format(at)
}

/** minutes is a countdown: `0:24`. */
export const minutes = (ms: number) => {
  const left = Math.max(0, Math.ceil(ms / 1_000))
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
}

type Props = { at: number; as?: 'ago' | 'clock' | 'date'; className?: string }

/** Time is a moment: relative below a day, then the date; the exact time with its zone on hover. */
export function Time({ at, as = 'ago', className }: Props) {
  const now = useNow()
  const text = as === 'clock' ? clockOf(at) : as === 'date' ? date(at, now) : now - at < day ? span(now - at) : date(at, now)
  return (
    <time dateTime={new Date(at).toISOString()} title={full.format(at)} className={className}>
      {text}
    </time>
  )
}
