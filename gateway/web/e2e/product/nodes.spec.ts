import { expect, test, type Browser, type Locator, type Page } from '@playwright/test'
import { Gateway } from './gateway'
import { Postgres } from './postgres'
import { Proxy } from './proxy'

const postgres = new Postgres()
const proxy = new Proxy()

// Without NATS: nothing depends on it.
async function node(url: string): Promise<Gateway> {
  const one = new Gateway(['--db', url, '--public-url', proxy.base, '--trusted-proxies', '127.0.0.1'])
  await one.start()
  proxy.nodes.push(one)
  return one
}

test.beforeAll(async () => {
  const [url] = await Promise.all([postgres.start(), proxy.start()])
  await node(url)
  await node(url)
})
test.afterAll(async () => {
  await Promise.all(proxy.nodes.map((n) => n.stop()))
  proxy.stop()
  await postgres.stop()
})

async function open(browser: Browser, width: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, baseURL: proxy.base, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.on('pageerror', (e) => expect.soft(e, 'an error in the page').toBeUndefined())
  return page
}

const log = (visitor: Page): Locator => visitor.locator('gw-chat').getByRole('log')

async function write(visitor: Page, text: string) {
  const box = visitor.locator('gw-chat').getByRole('textbox')
  await box.fill(text)
  await box.press('Enter')
}

async function reply(agent: Page, text: string) {
  const box = agent.getByRole('textbox', { name: /^Reply to/ })
  await box.fill(text)
  await box.press('ControlOrMeta+Enter')
}

test('a node dies, and its people go on at the other one', async ({ browser }) => {
  const [a, b] = proxy.nodes as [Gateway, Gateway]
  const everybody = ['/api/v1/live', '/chat/acme.web/live', '/chat/acme.web/live']
  const said: string[] = []
  const passwords = new Map([...a.passwords, ...b.passwords])

  // An agent, somebody who talks with her and somebody who talks with the bot are all at one node.
  proxy.only = a
  const agent = await open(browser, 1440)
  await agent.goto('/inbox/mine')
  await agent.getByLabel(/e-?mail/i).fill('ana@acme.example')
  await agent.getByLabel(/^password/i).fill(passwords.get('ana@acme.example') ?? '')
  await agent.keyboard.press('Enter')
  await agent.getByRole('button', { name: /go online/i }).first().click()
  const maya = await open(browser, 700)
  await maya.goto('/chat/acme.web')
  await write(maya, 'agent')
  await agent.getByRole('button', { name: /accept/i }).first().click()
  await expect(log(maya)).toContainText('You are now talking with Ana Lima')
  const ben = await open(browser, 700)
  await ben.goto('/chat/acme.web')
  await write(ben, 'Where is my order?')
  await expect(log(ben)).toContainText('order number')
  await expect.poll(() => proxy.at(a)).toEqual(everybody)

  const transcript = agent.getByRole('log')
  const words = (where: Locator) => where.getByText(/^(Maya|Ana) says \d+$/).allTextContents()
  const agreed = async () => {
    for (const where of [transcript, log(maya)]) await expect.poll(() => words(where)).toEqual(said)
  }
  const next = (name: 'Maya' | 'Ana') => {
    const text = `${name} says ${said.length + 1}`
    said.push(text)
    return name === 'Maya' ? write(maya, text) : reply(agent, text)
  }
  for (const name of ['Maya', 'Ana', 'Maya', 'Ana'] as const) {
    await next(name)
    await agreed()
  }

  // The node stores a reply and a consumer's message, and dies before anybody hears that it did.
  let die = () => {}
  const death = new Promise<void>((now) => void (die = now))
  const stored = async (path: RegExp, act: () => Promise<void>) => {
    const done = proxy.withhold(path, death)
    await act()
    await done
  }
  await stored(/^\/api\/v1\/conversations\/[^/]+\/messages$/, () => next('Ana'))
  await stored(/^\/chat\/acme\.web\/messages$/, () => next('Maya'))
  proxy.only = undefined
  const killed = Date.now()
  await a.kill()
  die()

  // What is written while all of them are cut off; the bot's turn runs at the other node.
  const asked = Date.now()
  await write(ben, '10001')
  await expect(log(ben)).toContainText('Order 10001', { timeout: 5_000 })
  const now = Date.now()
  process.stdout.write(`the bot answered ${now - asked} ms after the question, ${now - killed} ms after the kill\n`)
  await next('Maya')
  await next('Ana')
  await agreed()
  await expect.poll(() => proxy.at(b)).toEqual(everybody)
  await next('Maya')
  await next('Ana')
  await agreed()
  await expect(log(ben).getByText('10001', { exact: true })).toHaveCount(1)
  await expect(log(ben).getByText(/Order 10001/)).toHaveCount(1)

  // It comes back, and the other one is stopped in order: all go over again.
  await a.start()
  await Promise.all([b.quit(), next('Ana')])
  await expect.poll(() => proxy.at(a)).toEqual(everybody)
  await next('Maya')
  await agreed()
})
