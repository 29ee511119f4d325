import { expect, type Page, test } from '@playwright/test'
import type { Event } from '../../src/api'
import { Fake } from './fake'
import { agents } from './people'

const jonas = { id: 'u-jonas', name: 'Jonas Weber' }
const marek = agents[2]
const reply = (page: Page) => page.getByRole('textbox', { name: /Reply to Maya/ })
const log = (page: Page) => page.getByRole('log')
const posts = (fake: Fake, path = '/conversations/c-maya/messages') => fake.asked.filter((a) => a.method === 'POST' && a.path === path)
const failure = (status: number, code: string, message: string, events?: Event[]) => ({ status, body: { code, message, request_id: 'r', ...(events ? { events } : {}) } })

async function open(page: Page, path = '/inbox/mine/c-maya') {
  const fake = await Fake.start(page)
  await page.goto(path)
  await expect(page.locator('[data-row]').first()).toBeVisible()
  return fake
}

async function write(page: Page, text: string) {
  await reply(page).fill(text)
  await reply(page).press('Control+Enter')
}

test.use({ viewport: { width: 1440, height: 900 } })

test('what is written while the messages load is there when they are', async ({ page }) => {
  const fake = await open(page, '/inbox/mine')
  fake.instead.set('GET /conversations/c-maya/messages', { after: 2_500 })
  await page.locator('[data-row="c-maya"]').click()
  await expect.poll(() => fake.asked.some((a) => a.path === '/conversations/c-maya/messages')).toBe(true)
  fake.say('c-maya', { content: { text: 'Are you there?' } })
  fake.say('c-maya', { content: { text: 'I am in a hurry' } })
  await expect(log(page).getByText('Thank you 🙏')).toBeVisible()
  await expect(log(page).getByText('Are you there?')).toHaveCount(1)
  await expect(log(page).getByText('I am in a hurry')).toHaveCount(1)
})

test('contacts, templates and what cannot be shown are told in words', async ({ page }) => {
  const fake = await open(page, '/inbox/mine/c-maya')
  await expect(log(page).getByText('Thank you 🙏')).toBeVisible()
  fake.say('c-maya', { content: { contacts: [{ name: 'Bo Lind', org: 'Lind AB', phones: ['+46 8 123'], emails: ['bo@lind.example'] }] } })
  await expect(log(page).getByText('Lind AB')).toBeVisible()
  await expect(log(page).getByRole('link', { name: '+46 8 123' })).toHaveAttribute('href', 'tel:+468123')
  await expect(log(page).getByRole('link', { name: 'bo@lind.example' })).toBeVisible()
  fake.say('c-maya', { content: { unsupported: 'poll' } })
  await expect(log(page).getByText('Something that cannot be shown here: poll')).toBeVisible()
  fake.say('c-maya', { author: 'bot', content: { template: { name: 'order_update', language: 'en' } } })
  await expect(log(page).getByText('The template order_update')).toBeVisible()
  fake.say('c-maya', { author: 'bot', content: { text: 'Which?', choices: [{ id: 'a', label: 'Call', detail: 'within an hour' }] } })
  await expect(log(page).getByText('within an hour')).toBeVisible()
})

test('a change of owner while the conversation loads is not lost', async ({ page }) => {
  const fake = await open(page, '/inbox/mine')
  fake.instead.set('GET /conversations/c-maya', { after: 1_500 })
  await page.locator('[data-row="c-maya"]').click()
  await expect.poll(() => fake.asked.some((a) => a.path === '/conversations/c-maya')).toBe(true)
  fake.give('c-maya', jonas)
  await expect(page.getByText('Jonas Weber has this conversation.')).toBeVisible()
})

test('a take-over while a reply is under way leaves the words, and they become a note', async ({ page }) => {
  const fake = await open(page)
  const took = { cursor: 'e9z', at: Date.now(), kind: 'owner' as const, actor: 'agent:u-jonas', conversation: 'c-maya', change: { state: 'open' as const, owner: 'agent' as const, agent: jonas.id, agent_name: jonas.name, rev: 9 } }
  fake.instead.set('POST /conversations/c-maya/messages', failure(409, 'conflict', 'The conversation is with somebody else.', [took]))
  await write(page, 'Your money is on its way')
  await expect(page.getByText('Jonas Weber has the conversation now')).toBeVisible()
  fake.give('c-maya', jonas)
  await expect(page.getByLabel('Your words')).toHaveText('Your money is on its way')
  await page.reload()
  await expect(page.getByLabel('Your words')).toHaveText('Your money is on its way')
  await page.getByRole('button', { name: 'Keep as a note' }).click()
  await expect(log(page).getByText('Your money is on its way')).toHaveCount(1)
  await expect(page.getByLabel('Your words')).toHaveCount(0)
  await expect.poll(() => posts(fake, '/conversations/c-maya/notes').at(-1)?.body).toMatchObject({ text: 'Your money is on its way' })
})

test('a half-written reply is shown when somebody takes over, and comes back with the conversation', async ({ page }) => {
  const fake = await open(page)
  await reply(page).fill('Half a sentence')
  fake.give('c-maya', jonas)
  await expect(page.getByLabel('Your words')).toHaveText('Half a sentence')
  await page.getByRole('button', { name: 'Copy' }).first().click()
  fake.give('c-maya', { id: fake.me.id, name: fake.me.name })
  await expect(reply(page)).toHaveValue('Half a sentence')
})

test('a reply written offline survives a take-over', async ({ page }) => {
  const fake = await open(page)
  fake.instead.set('POST /conversations/c-maya/messages', { offline: true })
  fake.instead.set('GET /live', {})
  fake.instead.set('GET /events', { offline: true })
  await fake.cut()
  await write(page, 'Written in the train')
  await expect(log(page).getByText('Not sent', { exact: false })).toBeVisible()
  fake.give('c-maya', jonas)
  const took = fake.happen({ kind: 'owner', conversation: 'c-maya', change: { state: 'open', owner: 'agent', agent: jonas.id, agent_name: jonas.name, rev: 9 } })
  fake.instead.clear()
  fake.instead.set('POST /conversations/c-maya/messages', failure(409, 'conflict', 'The conversation is with somebody else.', [took]))
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await expect(page.getByLabel('Your words')).toHaveText('Written in the train')
  await page.locator('[data-row="c-tomas"]').click()
  await expect(page.getByText('A message was not sent, in:')).toBeVisible()
  await page.getByRole('link', { name: 'Maya Okafor' }).first().click()
  await page.getByRole('button', { name: 'Keep as a note' }).click()
  await expect(log(page).getByText('Written in the train')).toHaveCount(1)
  await expect(page.getByText('A message was not sent, in:')).toHaveCount(0)
})

for (const [status, code] of [[403, 'forbidden'], [404, 'not_found'], [413, 'too_large'], [422, 'invalid'], [400, 'invalid']] as const) {
  test(`a refusal with ${status} gives the words back`, async ({ page }) => {
    const fake = await open(page)
    fake.instead.set('POST /conversations/c-maya/messages', failure(status, code, 'It is refused because.'))
    await write(page, 'Precious words')
    await expect(page.getByText('It is refused because.')).toBeVisible()
    await expect(reply(page)).toHaveValue('Precious words')
    await page.reload()
    await expect(reply(page)).toHaveValue('Precious words')
    await expect(page.getByText('It is refused because.')).toBeVisible()
  })
}

for (const [status, code] of [[429, 'rate_limited'], [500, 'internal'], [502, ''], [503, 'unavailable']] as const) {
  test(`after ${status} it is tried again while the connection lives`, async ({ page }) => {
    const fake = await open(page)
    fake.instead.set('POST /conversations/c-maya/messages', code ? failure(status, code, 'Not now.') : { status, body: 'Bad gateway' })
    await write(page, 'Precious words')
    await expect.poll(() => posts(fake).length).toBe(1)
    fake.instead.clear()
    await expect.poll(() => fake.messages.get('c-maya')?.at(-1)?.content.text).toBe('Precious words')
    await expect(log(page).getByText('Precious words')).toHaveCount(1)
    expect(new Set(posts(fake).map((p) => p.body['client_id'])).size).toBe(1)
  })
}

test('words are not written over by words that come back', async ({ page }) => {
  const fake = await open(page)
  fake.instead.set('POST /conversations/c-maya/messages', { wait: true })
  await write(page, 'First words')
  await reply(page).fill('Second words')
  await page.reload()
  fake.instead.set('POST /conversations/c-maya/messages', failure(409, 'conflict', 'Somebody else answered.', []))
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await expect(reply(page)).toHaveValue('Second words')
  await expect(page.getByLabel('Your words')).toHaveText('First words')
  fake.instead.clear()
  await page.getByRole('button', { name: 'Send again' }).click()
  await expect(log(page).getByText('First words')).toHaveCount(1)
  await expect(reply(page)).toHaveValue('Second words')
})

test('on a shared machine the next one finds nothing', async ({ page }) => {
  const fake = await open(page)
  await reply(page).fill('Ana’s secret draft')
  fake.instead.set('POST /conversations/c-tomas/messages', { offline: true })
  fake.signedIn = false
  if (!marek) throw new Error('nobody')
  fake.next = structuredClone(marek)
  await reply(page).press('Control+Enter')
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
  await dialog.getByLabel('E-mail').fill('marek@acme.example')
  await dialog.getByLabel('Password').first().fill('right')
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/inbox\/mine$/)
  await expect(page.getByRole('button', { name: /Marek/ })).toBeVisible()
  await page.goto('/inbox/all/c-maya?state=any')
  await expect(log(page).getByText('Thank you 🙏')).toBeVisible()
  await expect(page.getByText('Ana’s secret draft')).toHaveCount(0)
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('secret draft')
  expect(fake.messages.get('c-maya')?.some((m) => m.content.text?.includes('secret draft'))).toBeFalsy()
})

test('a sign-out takes the words with it', async ({ page }) => {
  const fake = await open(page)
  await reply(page).fill('Ana’s secret draft')
  await page.getByRole('button', { name: /Ana Lima/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  // Not before she has been told.
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('A text of yours was not sent')
  await expect(dialog).toContainText('Ana’s secret draft')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(fake.signedIn).toBe(true)
  await expect(reply(page)).toHaveValue('Ana’s secret draft')
  await page.getByRole('button', { name: /Ana Lima/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await dialog.getByRole('button', { name: /sign out/ }).click()
  await expect(page).toHaveURL('/')
  await expect.poll(() => fake.signedIn).toBe(false)
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('secret draft')
})

test('a request that fails is asked again while the connection lives', async ({ page }) => {
  const fake = await open(page, '/inbox/mine')
  fake.instead.set('GET /conversations/c-maya', failure(503, 'unavailable', 'Not now.'))
  fake.instead.set('GET /conversations/c-maya/messages', failure(503, 'unavailable', 'Not now.'))
  await page.locator('[data-row="c-maya"]').click()
  await expect.poll(() => fake.asked.filter((a) => a.path === '/conversations/c-maya/messages').length).toBeGreaterThan(1)
  fake.instead.clear()
  await expect(log(page).getByText('Thank you 🙏')).toBeVisible()
})

// refused has a step of Maya's refused, and gives what tells of it.
async function refused(page: Page, fake: Fake) {
  fake.instead.set('POST /conversations/c-maya/requeue', failure(503, 'unavailable', 'The gateway is stopping, so that nothing can be done with this conversation for a moment.'))
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Back to the queue' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Back to the queue' }).click()
  const toast = page.getByRole('alert').filter({ hasText: 'The gateway is stopping' })
  await expect(toast).toBeVisible()
  await page.keyboard.press('Escape')
  return toast
}

for (const [name, viewport] of Object.entries({ desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } })) {
  test(`what is told covers neither the composer nor its button (${name})`, async ({ page }) => {
    await page.setViewportSize(viewport)
    const fake = await Fake.start(page)
    await page.goto('/inbox/mine/c-maya')
    await expect(log(page).getByText('Thank you 🙏')).toBeVisible()
    const toast = await refused(page, fake)
    const box = await toast.boundingBox()
    const composer = await reply(page).boundingBox()
    const send = await page.getByRole('button', { name: /^Send/ }).boundingBox()
    for (const other of [composer, send]) expect(box && other && box.y + box.height <= other.y).toBe(true)
    await reply(page).fill('Still there')
    await page.getByRole('button', { name: /^Send/ }).click()
    await expect(log(page).getByText('Still there')).toHaveCount(1)
  })
}

test('a busy brand costs the page less than a request a second', async ({ page }) => {
  test.slow() // it is about the page's requests, not the machine's pace
  const fake = await open(page)
  await expect(log(page).getByText('Thank you 🙏')).toBeVisible()
  const before = fake.asked.length
  const start = Date.now()
  for (let n = 0; n < 500; n++) {
    fake.happen({ kind: 'message', conversation: `other-${n % 97}`, message: { id: `o${n}`, conversation: `other-${n % 97}`, seq: n, author: 'consumer', note: false, content: { text: `text ${n}` }, state: 'received', at: Date.now() } })
    if (n % 5 === 0) fake.happen({ kind: 'owner', conversation: `other-${n % 97}`, change: { state: 'open', owner: n % 2 ? 'queue' : 'agent', skill: 'billing', ...(n % 2 ? {} : { agent: 'u-jonas' }), rev: n + 2 } })
    if (n % 10 === 0) fake.say('c-maya', { content: { text: `Maya ${n}` } })
    await page.waitForTimeout(20)
  }
  await expect(log(page).getByText('Maya 490')).toBeVisible()
  expect((fake.asked.length - before) / ((Date.now() - start) / 1_000)).toBeLessThan(1)
})

test('what is told leaves the buttons of the header alone while a notice stands above it', async ({ page }) => {
  const fake = await Fake.start(page)
  fake.notices = [{ n: 1, kind: 'taken', conversation: 'c-tomas', consumer: 'Tomas', by: 'Marek Novak', at: Date.now() }] as typeof fake.notices
  await page.goto('/inbox/mine/c-maya')
  await expect(page.getByRole('status').filter({ hasText: 'Marek Novak' })).toBeVisible()
  const toast = await refused(page, fake)
  const button = await page.getByRole('button', { name: 'Transfer', exact: true }).boundingBox()
  await expect.poll(async () => (await toast.boundingBox())?.y).toBeGreaterThan((button?.y ?? 0) + (button?.height ?? 0))
})
