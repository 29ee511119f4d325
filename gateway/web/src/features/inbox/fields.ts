import type { ExpectedField } from '../../api'
import { t } from './strings'

/** Answers are what the agent has entered, by the field's name: text as it stands in its input. */
export type Answers = Record<string, string>

/** labelOf is what people read of a field. */
export const labelOf = (f: ExpectedField) => f.label ?? f.name

/**
 * typed makes of the answers what the API takes, text, number or boolean by name, and says what is wrong with them.
 * Empty answers are left out.
 */
export function typed(expects: ExpectedField[], answers: Answers) {
  const fields: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const f of expects) {
    const text = (answers[f.name] ?? '').trim()
    if (!text) {
      if (f.required) problems[f.name] = t.closing.needed
      continue
    }
    if (f.kind === 'boolean') fields[f.name] = text === 'true'
    else if (f.kind === 'number') {
      const n = Number(text.replace(/^([^.,]*),([^.,]*)$/, '$1.$2'))
      if (Number.isFinite(n)) fields[f.name] = n
      else problems[f.name] = t.closing.number
    } else fields[f.name] = text
  }
  return { fields, problems }
}
