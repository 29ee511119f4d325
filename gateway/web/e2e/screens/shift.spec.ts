import { expect, type Page, test } from '@playwright/test'
import { Fake } from './fake'

// What happens to an agent in the course of a shift: clocks that are wrong, keys held too long, answers that overtake each other.

const log = (page: Page) => page.getByRole('log')

async function open(page: Page, path = '/inbox/mine/c-maya') {
  const fake = await Fake.start(page)
  await page.goto(path)
  await expect(page.locator('[data-row]').first()).toBeVisible()
  return fake
}

/** another offers me a second conversation. */
function another(fake: Fake) {
  const expires_at = Date.now() + 60_000
  Object.assign(fake.find('c-lea'), { offer: { agent: { id: fake.me.id, name: fake.me.name }, expires_at } })
  fake.happen({ kind: 'offered', conversation: 'c-lea', offer: { agent: fake.me.id, agent_name: fake.me.name, expires_at } })
}

test.use({ viewport: { width: 1440, height: 900 } })

test('a note that is being written stays one when the conversation becomes mine', async ({ page }) => {
  const fake = await open(page, '/inbox/queue/c-lea')
  const note = page.getByRole('textbox', { name: /note/i })
  await note.fill('She is rude, ')
  fake.give('c-lea', { id: fake.me.id, name: fake.me.name })
  await expect(page.getByRole('button', { name: 'Transfer', exact: true })).toBeVisible()
  await page.keyboard.type('careful')
  await page.keyboard.press('Control+Enter')
  await expect(log(page).getByText('She is rude, careful')).toHaveCount(1)
  await expect.poll(() => fake.asked.filter((a) => a.method === 'POST' && a.path === '/conversations/c-lea/notes').length).toBe(1)
  expect(fake.asked.filter((a) => a.method === 'POST' && a.path === '/conversations/c-lea/messages')).toEqual([])
})

test('a key that is held accepts one offer, not the next one too', async ({ page }) => {
  const fake = await open(page, '/inbox/mine')
  another(fake)
  await expect(page.getByRole('region', { name: /^Offer/ })).toHaveCount(2)
  for (let n = 0; n < 12; n++) await page.keyboard.down('a') // a second `down` of a key repeats it
  await page.keyboard.up('a')
  await expect(page).toHaveURL(/c-offer$/)
  await expect(page.getByRole('textbox', { name: 'Reply to Zofia Nowak…' })).toBeVisible()
  expect(fake.asked.filter((a) => a.path.endsWith('/accept')).map((a) => a.path)).toEqual(['/conversations/c-offer/accept'])
})

test('nor does a double click', async ({ page }) => {
  const fake = await open(page, '/inbox/mine')
  Object.assign(fake.find('c-lea'), { about: fake.find('c-offer').about, reason: fake.find('c-offer').reason, skill: 'billing' }) // as high
  await page.reload()
  another(fake)
  await expect(page.getByRole('region', { name: 'Offer: Lea Dubois' })).toBeVisible()
  const box = await page.getByRole('region', { name: 'Offer: Zofia Nowak' }).getByRole('button', { name: 'Accept' }).boundingBox()
  await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 10)
  for (const clickCount of [1, 2]) {
    await page.mouse.down({ clickCount })
    await page.mouse.up({ clickCount })
    await expect(page.getByRole('region', { name: 'Offer: Zofia Nowak' })).toHaveCount(0)
  }
  await expect(page.getByRole('textbox', { name: 'Reply to Zofia Nowak…' })).toBeVisible()
  expect(fake.asked.filter((a) => a.path.endsWith('/accept')).map((a) => a.path)).toEqual(['/conversations/c-offer/accept'])
})

test('an offer whose end was never told is over all the same', async ({ page }) => {
  const fake = await open(page, '/inbox/queue/c-lea')
  await expect(page.getByRole('region', { name: 'Offer: Zofia Nowak' })).toBeVisible()
  // It was made for a shorter time only, which begins when the page is ready, however slow the machine.
  const expires_at = Date.now() + 3_500
  Object.assign(fake.find('c-offer').offer ?? {}, { expires_at })
  fake.happen({ kind: 'offered', conversation: 'c-offer', offer: { agent: fake.me.id, agent_name: fake.me.name, expires_at } })
  await expect(page.getByRole('region', { name: 'Offer: Zofia Nowak' })).toHaveCount(0)
  await page.locator('body').press('a') // takes what is open
  await expect.poll(() => fake.asked.filter((a) => /(accept|take)$/.test(a.path)).map((a) => a.path)).toEqual(['/conversations/c-lea/take'])
})

test('of two changes of the status the later one is shown, however the answers come', async ({ page }) => {
  const fake = await open(page, '/inbox/mine')
  const choose = async (name: RegExp) => {
    await page.getByRole('button', { name: /Ana Lima/ }).click()
    await page.getByRole('menuitemradio', { name }).click()
  }
  let answered = 0
  page.on('response', (r) => (answered += r.url().endsWith('/presence') ? 1 : 0))
  fake.instead.set('PUT /presence', { after: 800 })
  await choose(/Away/)
  await expect.poll(() => fake.asked.filter((a) => a.path === '/presence').length).toBe(1)
  fake.instead.clear()
  await choose(/Online/)
  await expect.poll(() => fake.asked.filter((a) => a.path === '/presence').map((a) => a.body['presence'])).toEqual(['away', 'online'])
  await expect.poll(() => answered).toBe(2)
  await page.getByRole('button', { name: /Ana Lima/ }).click()
  await expect(page.getByRole('menuitemradio', { name: /Online/ })).toBeChecked()
})

for (const [name, off] of [['ahead', 10], ['behind', -10]] as const) {
  test(`an offer is shown by the gateway's clock: ${name}`, async ({ page }) => {
    await page.clock.setSystemTime(Date.now() + off * 60_000)
    const fake = await open(page)
    const offer = page.getByRole('region', { name: 'Offer: Zofia Nowak' })
    await expect(offer).toContainText(/0:[0-4]\d/)
    await page.getByRole('textbox', { name: /Reply to Maya/ }).fill('It is on its way.')
    fake.instead.set('POST /conversations/c-maya/messages', { wait: true })
    await page.keyboard.press('Control+Enter')
    await expect(log(page).getByText('It is on its way.')).toBeVisible()
    expect(await log(page).evaluate((el) => el.textContent.indexOf('It is on its way.') > el.textContent.indexOf('Thank you 🙏'))).toBe(true)
  })
}

test('a session that ends over a dialog keeps what was filled in there', async ({ page }) => {
  const fake = await open(page)
  await page.locator('body').press('t')
  const dialog = page.getByRole('dialog', { name: 'Transfer' })
  await dialog.getByRole('radio', { name: /^Delivery/ }).click()
  await dialog.getByLabel('Note for the receiver').fill('Parcel is lost')
  fake.signedIn = false
  await dialog.getByRole('button', { name: 'Transfer' }).click()
  const again = page.getByRole('dialog', { name: 'Your session has ended' })
  await again.getByLabel('Password').first().fill('right')
  await again.getByRole('button', { name: 'Sign in' }).click()
  await expect(again).toBeHidden()
  await expect(dialog.getByLabel('Note for the receiver')).toHaveValue('Parcel is lost')
  await dialog.getByRole('button', { name: 'Transfer' }).click()
  await expect(dialog).toBeHidden()
})

test('a sign-in in one tab is one in the other', async ({ page, context }) => {
  const other = await context.newPage()
  const fakes = [await open(page, '/inbox/mine'), await open(other, '/inbox/mine')]
  const ended = (p: Page) => p.getByRole('dialog', { name: 'Your session has ended' })
  for (const f of fakes) f.signedIn = false
  for (const p of [page, other]) {
    await p.locator('[data-row="c-jonas"]').click()
    await expect(ended(p)).toBeVisible()
  }
  for (const f of fakes) f.signedIn = true // one cookie
  await ended(page).getByLabel('Password').first().fill('right')
  await ended(page).getByRole('button', { name: 'Sign in' }).click()
  await expect(ended(page)).toBeHidden()
  await expect(ended(other)).toBeHidden()
  await expect(log(other)).toBeVisible()
})

test('what is told covers neither the way out of a dialog on a phone nor its button', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const fake = await Fake.start(page)
  await page.goto('/inbox/mine/c-maya')
  await expect(log(page).getByText('Thank you 🙏')).toBeVisible()
  fake.instead.set('POST /conversations/c-maya/transfer', { status: 503, body: { code: 'unavailable', message: 'The gateway is stopping, so that nothing can be done with this conversation for a moment.', request_id: 'r' } })
  await page.locator('body').press('t')
  const dialog = page.getByRole('dialog', { name: 'Transfer' })
  await dialog.getByRole('radio', { name: /^Delivery/ }).click()
  await dialog.getByLabel('Note for the receiver').fill('Parcel is lost')
  await dialog.getByRole('button', { name: 'Transfer' }).click()
  const toast = page.getByRole('alert').filter({ hasText: 'The gateway is stopping' })
  await expect(toast).toBeVisible()
  await page.evaluate(() => Promise.all(document.getAnimations().filter((m) => m.effect?.getComputedTiming().iterations !== Infinity).map((m) => m.finished.catch(() => undefined))))
  const over = await toast.evaluate((el) => {
    const t = el.getBoundingClientRect()
    return [...document.querySelectorAll('[role=dialog] button:not([role=radio])')].filter((b) => {
      const r = b.getBoundingClientRect()
      return r.width > 0 && r.left < t.right && t.left < r.right && r.top < t.bottom && t.top < r.bottom
    }).map((b) => b.getAttribute('aria-label') ?? b.textContent)
  })
  expect(over).toEqual([])
})
