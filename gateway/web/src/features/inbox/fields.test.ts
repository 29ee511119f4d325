import { describe, expect, it } from 'vitest'
import type { ExpectedField } from '../../api'
import { labelOf, typed } from './fields'
import { t } from './strings'

const field = (kind: ExpectedField['kind'], over: Partial<ExpectedField> = {}): ExpectedField => ({ name: 'x', kind, ...over })

describe('typed', () => {
  it.each([
    ['text', '  paid out ', 'paid out'],
    ['choice', 'Red', 'Red'],
    ['date', '2026-12-24', '2026-12-24'],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['number', '12.50', 12.5],
    ['number', '12,5', 12.5],
    ['number', '-3', -3],
  ] as const)('takes %s %j', (kind, answer, want) => {
    expect(typed([field(kind)], { x: answer })).toEqual({ fields: { x: want }, problems: {} })
  })

  it.each(['1,234.5', 'twelve', '1 2', 'Infinity'])('refuses the number %j', (answer) => {
    expect(typed([field('number')], { x: answer })).toEqual({ fields: {}, problems: { x: t.closing.number } })
  })

  it('leaves out what is empty, and asks for what is needed', () => {
    expect(typed([field('text'), field('boolean', { name: 'y', required: true })], { x: ' ' })).toEqual({ fields: {}, problems: { y: t.closing.needed } })
  })
})

it('shows the name of a field without a label', () => {
  expect([labelOf(field('text')), labelOf(field('text', { label: 'Refund granted?' }))]).toEqual(['x', 'Refund granted?'])
})
