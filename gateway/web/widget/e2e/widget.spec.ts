import { expect } from '@playwright/test'
import { billing, composer, expectAccessible, launcher, log, openChat, rich, say, test } from './fixtures'

test('nothing is fetched before the chat is opened', async ({ page, gateway, served }) => {
  await page.goto(`${served.url}/shop`)
  await expect(launcher(page)).toHaveAttribute('aria-expanded', 'false')
  expect(gateway.requests).toEqual([])
})

test('a question, quick replies, an answer', async ({ page, gateway, served }) => {
  billing(gateway)
  await page.goto(`${served.url}/shop`)
  await openChat(page)
  await say(page, 'Where is my refund?')
  const replies = page.getByRole('group', { name: 'Suggested answers' })
  await expect(replies.getByRole('button')).toHaveText(['Order 48213', 'Talk to a person'])
  await expect(log(page)).toContainText('Read')
  await replies.getByRole('button', { name: 'Order 48213' }).click()
  await expect(replies).toHaveCount(0)
  await expect(log(page)).toContainText('Thank you, I have found it.')
  await expect.poll(() => gateway.messages.filter((m) => m.author === 'consumer').map((m) => m.content.picked?.id ?? m.content.text)).toEqual(['Where is my refund?', 'o'])
  await expect(page.getByText('Billing bot · virtual assistant')).toBeVisible()
})

test('keyboard: focus to the composer, Escape back to the launcher, a draft survives', async ({ page, served }) => {
  await page.goto(`${served.url}/shop`)
  await launcher(page).focus()
  await page.keyboard.press('Enter')
  await expect(composer(page)).toBeFocused()
  await expect(page.getByRole('dialog', { name: 'Northwind' })).toBeVisible()
  await composer(page).fill('not yet')
  await page.keyboard.press('Escape')
  await expect(launcher(page)).toBeFocused()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('Enter')
  await expect(composer(page)).toHaveValue('not yet')
})

test('offline: typed once, sent once, nothing missed', async ({ page, context, gateway, served }) => {
  await page.goto(`${served.url}/shop`)
  await openChat(page)
  await say(page, 'first')
  await expect(log(page)).toContainText('Sent')
  await context.setOffline(true)
  gateway.cutSockets()
  gateway.say('agent', { text: 'Are you there?' }, 'Ana')
  await say(page, 'typed offline')
  await expect(log(page)).toContainText('Sending…')
  await expect(page.getByText('Reconnecting… Your text is kept.')).toBeVisible()
  await context.setOffline(false)
  await expect(log(page).getByText('typed offline')).toHaveCount(1)
  await expect(log(page)).toContainText('Sent')
  await expect(log(page).getByText('Are you there?')).toHaveCount(1)
  await expect(page.getByText('Reconnecting… Your text is kept.')).toHaveCount(0)
  await expect.poll(() => gateway.messages.map((m) => m.content.text)).toEqual(['first', 'Are you there?', 'typed offline'])
  await page.reload()
  await openChat(page)
  await expect(log(page).getByText('typed offline')).toHaveCount(1)
})

test('what was not sent can be tried again', async ({ page, gateway, served }) => {
  await page.goto(`${served.url}/shop?open`)
  await say(page, 'refuse me')
  await expect(log(page)).toContainText('Not sent (Not this.)')
  await expectAccessible(page)
  await log(page).getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => gateway.requests.filter((r) => r === 'POST /messages').length).toBe(2)
})

test('unread badge, events and calls', async ({ page, gateway, served }) => {
  await page.goto(`${served.url}/shop`)
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    for (const name of ['gw:open', 'gw:close', 'gw:message', 'gw:unread']) {
      document.addEventListener(name, (e) => seen.push(`${name} ${JSON.stringify((e as CustomEvent).detail?.content?.text ?? (e as CustomEvent).detail?.count ?? null)}`))
    }
    const el = document.querySelector('gw-chat') as HTMLElement & { open(): void; close(): void; send(t: string): void }
    el.open()
    el.send('from the page')
    el.close()
  })
  await expect.poll(() => [gateway.messages.length, gateway.sockets]).toEqual([1, 1])
  gateway.say('bot', { text: 'Hello' }, 'Billing bot')
  await expect(launcher(page)).toHaveAccessibleDescription('1 unread')
  await expect.poll(() => gateway.receipts.flatMap((r) => r.delivered)).toEqual(['m2'])
  await launcher(page).click()
  await expect.poll(() => gateway.receipts.flatMap((r) => r.read)).toEqual(['m2'])
  const seen = () => page.evaluate(() => (window as unknown as { seen: string[] }).seen)
  await expect.poll(async () => (await seen()).filter((e) => !e.startsWith('gw:unread'))).toEqual(['gw:open null', 'gw:close null', 'gw:message "from the page"', 'gw:message "Hello"', 'gw:open null'])
  await expect.poll(async () => (await seen()).filter((e) => e.startsWith('gw:unread'))).toEqual(['gw:unread 1', 'gw:unread 0'])
})

test('the page is told of a message of the visitor’s that the history has first', async ({ page, served }) => {
  let stored = (): void => undefined
  let loaded = (): void => undefined
  const [isStored, isLoaded] = [new Promise<void>((f) => (stored = f)), new Promise<void>((f) => (loaded = f))]
  await page.route(/\/chat\/acme\.web\/messages/, async (route) => {
    const sends = route.request().method() === 'POST'
    if (!sends) await isStored
    const response = await route.fetch()
    if (sends) stored()
    if (sends) await isLoaded
    await route.fulfill({ response })
    if (!sends) loaded()
  })
  await page.goto(`${served.url}/shop`)
  await page.evaluate(() => {
    const told: string[] = []
    Object.assign(window, { told })
    document.addEventListener('gw:message', (e) => told.push((e as CustomEvent).detail.content.text))
    const el = document.querySelector('gw-chat') as HTMLElement & { open(): void; send(t: string): void }
    el.open()
    el.send('from the page')
  })
  await expect(log(page)).toContainText('Sent')
  await expect.poll(() => page.evaluate(() => (window as unknown as { told: string[] }).told)).toEqual(['from the page'])
})

test('text is only text, links are safe', async ({ page, gateway, served }) => {
  gateway.say('agent', { text: '<img src=x onerror=alert(1)> https://a.example/x. javascript:alert(1)', cards: [{ title: 'Card', links: [{ label: 'Bad', url: 'javascript:alert(1)' }, { label: 'Good', url: 'https://a.example' }] }] }, 'Ana')
  await page.goto(`${served.url}/shop?open`)
  await expect(log(page)).toContainText('<img src=x onerror=alert(1)>')
  const links = log(page).getByRole('link')
  await expect(links).toHaveText(['https://a.example/x', 'Good'])
  for (const link of await links.all()) expect(await link.getAttribute('rel')).toContain('noopener')
})

test('a contact is a card with links', async ({ page, gateway, served }) => {
  gateway.say('bot', { text: 'Who?', contacts: [{ name: 'Ana Weber', org: 'Acme', phones: ['+49 30 123'], emails: ['ana@acme.example', 'x y'] }] }, 'Ava')
  await page.goto(`${served.url}/shop?open`)
  const card = log(page).getByRole('listitem').filter({ hasText: 'Ana Weber' }).last()
  await expect(card).toContainText('Acme')
  await expect(card.getByRole('link', { name: '+49 30 123' })).toHaveAttribute('href', 'tel:+4930123')
  await expect(card.getByRole('link', { name: 'ana@acme.example' })).toHaveAttribute('href', 'mailto:ana@acme.example')
})

test('older pages load upward and the view stays where it was', async ({ page, gateway, served }) => {
  gateway.history(80, Date.now() - 100 * 60_000)
  await page.goto(`${served.url}/shop?open`)
  await expect(log(page).getByText('Line 80', { exact: true })).toBeInViewport()
  const mark = log(page).getByText('Line 51', { exact: true })
  await page.getByRole('region', { name: 'Conversation' }).evaluate((el) => el.scrollTo(0, 30))
  await expect(log(page).getByText('Line 22', { exact: true })).toBeAttached()
  await expect(mark).toBeInViewport()
  gateway.say('bot', { text: 'News' }, 'Billing bot')
  await expect(log(page).getByText('News')).toBeAttached()
  await expect(mark).toBeInViewport()
})

test('a conversation that ended says so, and writing starts the next', async ({ page, gateway, served }) => {
  gateway.history(2, Date.now() - 3_600_000)
  await page.goto(`${served.url}/shop?open`)
  const ended = page.getByText('This conversation has ended. Write to start a new one.')
  await expect(ended).toBeVisible()
  await say(page, 'One more thing')
  await expect(ended).toHaveCount(0)
})

test('who answers now', async ({ page, gateway, served }) => {
  await page.goto(`${served.url}/shop?open&lang=de`)
  await expect(page.locator('header').getByText('Wie können wir helfen?')).toBeVisible()
  await expect.poll(() => gateway.sockets).toBe(1)
  gateway.setStatus({ open: true, owner: 'queue', position: 3 })
  await expect(page.getByText('Warten auf eine Person · 3')).toBeVisible()
  gateway.setStatus({ open: true, owner: 'agent', agent_name: 'Ana' })
  await expect(page.getByText('Ana', { exact: true })).toBeVisible()
  gateway.typing(true)
  await expect(page.getByRole('img', { name: 'Billing bot schreibt' })).toBeVisible()
})

for (const scheme of ['light', 'dark'] as const) {
  for (const [name, size] of Object.entries({ desktop: { width: 1280, height: 720 }, phone: { width: 390, height: 844 }, narrow: { width: 320, height: 568 } })) {
    test(`axe finds nothing: ${scheme}, ${name}`, async ({ page, gateway, served }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      await page.setViewportSize(size)
      await page.goto(`${served.url}/shop`)
      await expectAccessible(page)
      await openChat(page)
      await expect(log(page).locator('..').getByText('How can we help?')).toBeVisible()
      await expectAccessible(page)
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${scheme}-${name}-empty.png` })
      rich(gateway)
      await page.reload()
      await launcher(page).click()
      await expect(log(page)).toContainText('Ana here')
      gateway.typing(true)
      await expect(page.getByRole('img', { name: /is typing/ })).toBeVisible()
      await expectAccessible(page)
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${scheme}-${name}.png` })
      const fits = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
      expect(fits).toBe(true)
      if (size.width < 480) {
        await expect(page.getByRole('dialog')).toHaveAttribute('aria-modal', 'true')
        await expect(page.locator('main')).toHaveJSProperty('inert', true)
        await page.getByRole('button', { name: 'Close chat' }).click()
        await expect(page.locator('main')).toHaveJSProperty('inert', false)
      }
    })
  }

  test(`the full page: ${scheme}`, async ({ page, gateway, served }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    billing(gateway)
    await page.goto(`${served.url}/full`)
    await expect(composer(page)).toBeFocused()
    await say(page, 'Where is my refund?')
    await expect(page.getByRole('button', { name: 'Order 48213' })).toBeVisible()
    await expect(launcher(page)).toHaveCount(0)
    await expectAccessible(page)
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${scheme}-full.png` })
  })
}
