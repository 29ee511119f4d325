import { expect, it } from 'vitest'
import { intentName } from './intent'

it.each([['order_status', 'Order status'], ['returns.late-parcel', 'Returns late parcel'], ['refund', 'Refund'], ['öffnungszeiten', 'Öffnungszeiten'], ['__', '__'], ['', '']])('of %s is %s', (id, name) => {
  expect(intentName(id)).toBe(name)
})
