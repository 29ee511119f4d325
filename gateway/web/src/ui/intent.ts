/** intentName is what people read of an intent's name: `order_status` is Order status. */
export function intentName(id: string): string {
  const words = id.replace(/[_.\-]+/g, ' ').trim()
  return words ? words.charAt(0).toUpperCase() + words.slice(1) : id
}
