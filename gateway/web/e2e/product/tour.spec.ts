import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Browser, type BrowserContext, type Locator, type Page } from '@playwright/test'
import { Gateway } from './gateway'

const gateway = new Gateway()

test.beforeAll(() => gateway.start())
test.afterAll(() => gateway.stop())

type Scheme = 'light' | 'dark'

async function open(browser: Browser, colorScheme: Scheme = 'light', size = { width: 1440, height: 900 }): Promise<[BrowserContext, Page]> {
  const context = await browser.newContext({ colorScheme, viewport: size, baseURL: gateway.base, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.on('pageerror', (e) => expect.soft(e, 'an error in the page').toBeUndefined())
  return [context, page]
}

async function signIn(page: Page, email: string) {
  await page.goto('/inbox/mine')
  await page.getByLabel(/e-?mail/i).fill(email)
  await page.getByLabel(/^password/i).fill(gateway.passwords.get(email) ?? '')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible()
}

async function goOnline(page: Page) {
  await page.getByRole('button', { name: /go online/i }).first().click()
  await expect(page.getByRole('button', { name: /go online/i })).toHaveCount(0)
}

async function clean(page: Page, what: string) {
  const found = await new AxeBuilder({ page }).analyze()
  expect(found.violations.map((v) => `${what}: ${v.id} at ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([])
}

/** The composer of the chat page, which lives in the widget's shadow DOM. */
const box = (page: Page): Locator => page.locator('gw-chat').getByRole('textbox')

async function write(page: Page, text: string) {
  await box(page).fill(text)
  await box(page).press('Enter')
}

const log = (page: Page): Locator => page.locator('gw-chat').getByRole('log')

/** once waits until the text stands there exactly one time. */
async function once(where: Locator, text: string) {
  await expect(where.getByText(text, { exact: true })).toHaveCount(1)
}

test('a consumer, the bot and an agent', async ({ browser }) => {
  const [, agent] = await open(browser)
  await signIn(agent, 'ana@acme.example')
  await goOnline(agent)

  const [network, visitor] = await open(browser, 'light', { width: 900, height: 800 })
  await visitor.goto('/chat/acme.web')
  await write(visitor, 'Where is my order 10001?')
  await expect(log(visitor)).toContainText('Order 10001')
  await write(visitor, 'agent')

  // The offer appears without a reload, and the card has what the bot learnt.
  await agent.getByRole('button', { name: /accept/i }).first().click()
  await expect(agent.getByText('asked for a person').first()).toBeVisible()
  await expect(agent.getByText('10001').first()).toBeVisible()
  await expect(log(visitor)).toContainText('You are now talking with Ana Lima')

  const reply = agent.getByRole('textbox', { name: /^Reply to/ })
  await reply.fill('Hello, Ana here.')
  await reply.press('ControlOrMeta+Enter')
  await once(log(visitor), 'Hello, Ana here.')

  // Ten seconds without a network lose nothing, on neither side.
  await network.setOffline(true)
  const offlineSince = Date.now()
  await write(visitor, 'Written in a tunnel')
  await reply.fill('Sent while you were away')
  await reply.press('ControlOrMeta+Enter')
  await expect.poll(() => Date.now() - offlineSince, { timeout: 20_000, intervals: [1000] }).toBeGreaterThan(10_000)
  await network.setOffline(false)
  await once(log(visitor), 'Sent while you were away')
  await once(log(visitor), 'Written in a tunnel')
  const transcript = agent.getByRole('log')
  await once(transcript, 'Written in a tunnel')

  // A crash of the gateway loses nothing either.
  await gateway.kill()
  await write(visitor, 'Written while the gateway was down')
  await gateway.start()
  await once(transcript, 'Written while the gateway was down')

  // The agent closes; the bot goes on with its survey.
  await agent.getByRole('button', { name: /^close/i }).first().click()
  const dialog = agent.getByRole('dialog')
  await dialog.getByText('solved', { exact: true }).click()
  await dialog.locator('button[type=submit]').click()
  await expect(log(visitor)).toContainText('How many stars do you give us')
  await visitor.locator('gw-chat').getByRole('button', { name: '★★★★★', exact: true }).click()
  await expect(log(visitor)).toContainText('Have a good ride')
})

for (const scheme of ['light', 'dark'] as const) {
  test(`every screen is accessible, ${scheme}`, async ({ browser }) => {
    const [, visitor] = await open(browser, scheme, { width: 390, height: 844 })
    await visitor.goto('/')
    await expect(visitor.getByRole('heading', { level: 1 })).toBeVisible()
    await clean(visitor, 'landing')
    await visitor.goto('/chat/acme.web')
    await write(visitor, 'hello')
    await expect(log(visitor)).toContainText('What can I do for you?')
    await clean(visitor, 'chat')
    await write(visitor, 'agent')
    await expect(log(visitor)).toContainText(/Connecting you|You are now talking/)
    await clean(visitor, 'chat in the queue')
    await visitor.goto('/chat/no-such-channel')
    await clean(visitor, 'unknown channel')

    const [, agent] = await open(browser, scheme)
    await agent.goto('/inbox/mine')
    await expect(agent.getByLabel(/e-?mail/i)).toBeVisible()
    await clean(agent, 'sign-in')
    await signIn(agent, 'sofia@acme.example')
    await clean(agent, 'empty inbox')
    for (const view of ['queue', 'all']) {
      await agent.goto(`/inbox/${view}`)
      await expect(agent.locator('[data-row]').first()).toBeVisible()
      await clean(agent, view)
    }
    await agent.locator('[data-row]').first().click()
    await expect(agent.getByRole('log')).toContainText('agent')
    await clean(agent, 'conversation')
    await agent.goto('/learning')
    await expect(agent.getByText('Nothing to learn')).toBeVisible()
    await clean(agent, 'learning')
    await agent.getByRole('tab', { name: 'Answers' }).click()
    await expect(agent.getByRole('row').first()).toBeVisible()
    await clean(agent, 'answers')
    await agent.goto('/nowhere')
    await clean(agent, 'not found')
  })
}
