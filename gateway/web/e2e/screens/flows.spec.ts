import { expect, type Page, test } from '@playwright/test'
import { Fake } from './fake'
import { agents, ana } from './people'

const jonas = agents[1]
const rowNames = (page: Page) => page.locator('[data-row] [class*=name]').allTextContents()
const reply = (page: Page) => page.getByRole('textbox', { name: /Reply to Maya/ })

async function open(page: Page, path = '/inbox/mine/c-maya') {
  const fake = await Fake.start(page)
  await page.goto(path)
  await expect(page.locator('[data-row]').first()).toBeVisible()
  return fake
}

test.use({ viewport: { width: 1440, height: 900 } })

test('a sent reply shows at once, once, and its ticks only move forward', async ({ page }) => {
  const fake = await open(page)
  await reply(page).fill('It is on its way.')
  await reply(page).press('Control+Enter')
  const bubble = page.getByRole('log').getByText('It is on its way.')
  await expect(bubble).toHaveCount(1)
  await expect(page.getByRole('log').getByText('Queued')).toBeVisible()
  const sent = fake.messages.get('c-maya')?.at(-1)
  const status = (state: 'read' | 'sent') => fake.happen({ kind: 'status', conversation: 'c-maya', status: { message: sent?.id ?? '', state } })
  status('read')
  status('sent')
  await expect(page.getByRole('log').getByText('Queued')).toHaveCount(0)
  await expect(page.getByRole('log').getByText('Sent', { exact: true })).toHaveCount(0)
  await expect(bubble).toHaveCount(1)
  await expect(reply(page)).toHaveValue('')
})

test('the list holds still under the pointer and tells what waits', async ({ page }) => {
  const fake = await open(page, '/inbox/mine')
  const before = await rowNames(page)
  await page.locator('[data-row="c-maya"]').hover()
  fake.say('c-tomas', { content: { text: 'It arrived broken too' } })
  await expect(page.getByText('It arrived broken too')).toBeVisible()
  await expect(page.getByRole('button', { name: '1 update' })).toBeVisible()
  expect(await rowNames(page)).toEqual(before)
  await page.getByRole('button', { name: '1 update' }).click()
  await expect.poll(async () => (await rowNames(page))[0]).toBe('Tomás Rivas')
})

test('a reply that crosses a colleague’s is stopped and told', async ({ page }) => {
  const fake = await open(page)
  const crossed = { cursor: 'e9z', at: Date.now(), kind: 'message' as const, actor: `agent:${jonas?.id}`, conversation: 'c-maya', message: {
    id: 'x1', conversation: 'c-maya', seq: 99, author: 'agent' as const, author_id: jonas?.id, author_name: jonas?.name, note: false, content: { text: 'I have sent it again.' }, state: 'queued' as const, at: Date.now(),
  } }
  fake.instead.set('POST /conversations/c-maya/messages', { status: 409, body: { code: 'conflict', message: 'Somebody else answered.', request_id: 'r', events: [crossed] } })
  await reply(page).fill('One moment')
  await reply(page).press('Control+Enter')
  await expect(page.getByText('Jonas Weber replied: “I have sent it again.”')).toBeVisible()
  await expect(reply(page)).toHaveValue('One moment')
  await expect(page.getByRole('log').getByText('One moment')).toHaveCount(0)
  fake.instead.clear()
  await page.getByRole('button', { name: 'Send anyway' }).click()
  await expect(page.getByRole('log').getByText('One moment')).toHaveCount(1)
  await expect.poll(() => fake.asked.filter((a) => a.path.endsWith('/messages') && a.method === 'POST').at(-1)?.body).toMatchObject({ text: 'One moment', after: 'e9z' })
})

test('a lost connection is told, the text is kept, and it catches up', async ({ page }) => {
  const fake = await open(page)
  await reply(page).fill('Half a sentence')
  fake.instead.set('GET /live', {})
  fake.instead.set('GET /events', { status: 503, body: { code: 'unavailable', message: 'Down.', request_id: 'r' } })
  await fake.cut()
  await expect(page.getByText('Reconnecting — your text is kept')).toBeVisible()
  fake.instead.clear()
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await expect(page.getByText(/^Caught up/)).toBeVisible()
  await expect(reply(page)).toHaveValue('Half a sentence')
  fake.say('c-maya', { content: { text: 'Are you still there?' } })
  await expect(page.getByRole('log').getByText('Are you still there?')).toBeVisible()
})

test('without sockets it polls', async ({ page }) => {
  const fake = await Fake.start(page)
  fake.instead.set('GET /live', {})
  await page.goto('/inbox/mine/c-maya')
  await expect.poll(() => fake.asked.some((a) => a.path === '/events')).toBe(true)
})

test('an ended session asks in a dialog and loses nothing', async ({ page }) => {
  const fake = await open(page)
  // Before that the receipt could meet the end of the session, and the dialog take the key.
  await expect.poll(() => fake.asked.some((a) => a.path === '/conversations/c-maya/read')).toBe(true)
  await reply(page).fill('My long answer')
  fake.signedIn = false
  await reply(page).press('Control+Enter')
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
  await dialog.getByLabel('Password').first().fill('right')
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('log').getByText('My long answer')).toHaveCount(1)
  await expect.poll(() => fake.messages.get('c-maya')?.at(-1)?.content.text).toBe('My long answer')
})

test('a reply that is refused after the new sign-in goes out by itself', async ({ page }) => {
  const fake = await open(page)
  await expect.poll(() => fake.asked.some((a) => a.path === '/conversations/c-maya/read')).toBe(true)
  // The session ended and began again in another tab while this reply was on its way.
  fake.instead.set('POST /conversations/c-maya/messages', { status: 401, body: { code: 'unauthenticated', message: 'Sign in first.', request_id: 'r' } })
  const posts = () => fake.asked.filter((a) => a.path === '/conversations/c-maya/messages' && a.method === 'POST').length
  await page.route('**/api/v1/session', async (r) => {
    if (posts() > 0) fake.instead.clear()
    await r.fallback()
  })
  await reply(page).fill('My long answer')
  await reply(page).press('Control+Enter')
  await expect.poll(() => fake.messages.get('c-maya')?.at(-1)?.content.text).toBe('My long answer')
  await expect(page.getByRole('dialog', { name: 'Your session has ended' })).toBeHidden()
})

test('drafts survive a reload', async ({ page }) => {
  await open(page)
  await reply(page).fill('Not yet finished')
  await page.reload()
  await expect(reply(page)).toHaveValue('Not yet finished')
})

test('an offer is accepted with A, then the conversation is open', async ({ page }) => {
  await open(page, '/inbox/mine')
  await expect(page.getByRole('region', { name: 'Offer: Zofia Nowak' })).toBeVisible()
  await page.locator('body').press('a')
  await expect(page).toHaveURL(/\/inbox\/mine\/c-offer$/)
  await expect(page.getByRole('textbox', { name: 'Reply to Zofia Nowak…' })).toBeVisible()
})

test('a transfer needs a note and a receiver', async ({ page }) => {
  const fake = await open(page)
  await page.getByRole('button', { name: 'Transfer' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Transfer' }).click()
  await expect(dialog.getByText('Choose who gets it.')).toBeVisible()
  await dialog.getByRole('radio', { name: /^Delivery/ }).click()
  await dialog.getByLabel('Note for the receiver').fill('Parcel is lost')
  await dialog.getByRole('button', { name: 'Transfer' }).click()
  await expect(dialog).toBeHidden()
  await expect.poll(() => fake.asked.find((a) => a.path.endsWith('/transfer'))?.body).toEqual({ rev: 3, skill: 'delivery', note: 'Parcel is lost' })
})

test('closing takes an outcome of the skill and what the bot asks for', async ({ page }) => {
  const fake = await open(page)
  await page.locator('body').press('e')
  const dialog = page.getByRole('dialog')
  const submit = dialog.getByRole('button', { name: 'Close', exact: true }).last()
  await dialog.getByText('Refunded').click()
  await dialog.getByLabel('Summary').fill('Paid out.')
  await submit.click()
  await expect(dialog.getByText('This is needed.')).toBeVisible()
  await dialog.getByLabel('Refund granted?').selectOption('Yes')
  await dialog.getByLabel('Amount in euros').fill('lots')
  await submit.click()
  await expect(dialog.getByText('Write a number')).toBeVisible()
  await dialog.getByLabel('Amount in euros').fill('64,90')
  await dialog.getByLabel('Paid on').fill('2026-11-20')
  expect(fake.asked.some((a) => a.path.endsWith('/close'))).toBe(false)
  fake.instead.set('POST /conversations/c-maya/close', { status: 400, body: { code: 'invalid', field: 'fields.paid_on', message: 'is before the order', request_id: 'r' } })
  await submit.click()
  await expect(dialog.getByText('Paid on: is before the order')).toBeVisible()
  await dialog.getByLabel('Paid on').fill('2026-11-21')
  await expect(dialog.getByText('is before the order')).toBeHidden()
  fake.instead.clear()
  await submit.click()
  await expect(page.getByText('This conversation is closed.')).toBeVisible()
  await expect.poll(() => fake.asked.filter((a) => a.path.endsWith('/close')).at(-1)?.body).toEqual({
    rev: 3, outcome: 'Refunded', summary: 'Paid out.', fields: { refund: true, amount: 64.9, paid_on: '2026-11-21' },
  })
})

test('typing is told both ways', async ({ page }) => {
  const fake = await open(page)
  fake.typing('c-maya', 'Maya')
  await expect(page.getByText('Maya is typing…')).toBeVisible()
  await reply(page).pressSequentially('Hel')
  await expect.poll(() => fake.typed).toContainEqual({ type: 'typing', conversation: 'c-maya', on: true })
})

test('letters can be turned off; the status is switched in the menu', async ({ page }) => {
  const fake = await open(page, '/inbox/mine')
  await page.locator('body').press('?')
  await page.getByRole('switch', { name: 'Single-letter shortcuts' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.locator('body').press('j')
  await page.getByRole('button', { name: /Ana Lima/ }).click()
  expect(page.url()).toMatch(/\/inbox\/mine$/)
  await page.getByRole('menuitemradio', { name: /Away/ }).click()
  await expect.poll(() => fake.me.presence).toBe('away')
  expect(fake.me.id).toBe(ana.id)
})

test('what a consumer said about messages is recorded with the words', async ({ page }) => {
  const fake = await open(page)
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Messages wanted?' }).click()
  const dialog = page.getByRole('dialog', { name: 'Messages wanted?' })
  await dialog.getByRole('button', { name: 'Record the opt-out' }).click()
  await expect(dialog.getByText('Write what the consumer said.')).toBeVisible()
  expect(fake.asked.some((a) => a.path.endsWith('/consent'))).toBe(false)
  await dialog.getByLabel('What the consumer said, and how').fill('  On the phone: no more messages ')
  await dialog.getByRole('button', { name: 'Record the opt-out' }).click()
  await expect.poll(() => fake.asked.find((a) => a.path.endsWith('/c-maya/consent'))?.body).toEqual({ opted_out: true, source: 'On the phone: no more messages' })
})
