import { expect, type CDPSession, type Page } from '@playwright/test'
import { composer, element, hostPage, log, openChat, say, test } from './fixtures'

const key = (cdp: CDPSession, name: 'Enter' | 'Escape', code: number): Promise<unknown> =>
  cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: name, code: name, windowsVirtualKeyCode: code })

// compose types as an input method does: a composition, the key that ends it, and the words.
async function compose(page: Page, order: 'Chrome' | 'Safari', by: 'Enter' | 'Escape'): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
  if (order === 'Chrome') await key(cdp, by, 229)
  await cdp.send('Input.insertText', { text: '日本' })
  if (order === 'Safari') await key(cdp, by, 229) // isComposing is false by now
  await cdp.detach()
}

for (const order of ['Chrome', 'Safari'] as const) {
  for (const where of ['shop?open', 'full']) {
    test(`an Enter that ends a composition sends nothing: ${order}, ${where}`, async ({ page, gateway, served }) => {
      await page.goto(`${served.url}/${where}`)
      await composer(page).focus()
      await compose(page, order, 'Enter')
      await expect(composer(page)).toHaveValue('日本')
      await composer(page).pressSequentially('語')
      await composer(page).press('Enter')
      await expect.poll(() => gateway.messages.map((m) => m.content.text)).toEqual(['日本語'])
    })
  }

  test(`an Escape that ends a composition leaves the chat open: ${order}`, async ({ page, served }) => {
    await page.goto(`${served.url}/shop`)
    await openChat(page)
    await compose(page, order, 'Escape')
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })
}

test('nothing to see is no message', async ({ page, gateway, served }) => {
  await page.goto(`${served.url}/shop?open`)
  for (const text of ['\u200b\u200d', '\ufeff', '\u2800', '\u3164\u115f', '\ufe0f', '\u00ad', ' \u200b ']) {
    await say(page, text)
    await expect(composer(page)).toHaveValue('')
  }
  expect(await page.evaluate(() => (document.querySelector('gw-chat') as HTMLElement & { send(t: string): boolean }).send('\u200b'))).toBe(false)
  await say(page, '❤️')
  await expect(log(page)).toContainText('Sent')
  await expect.poll(() => gateway.messages.map((m) => m.content.text)).toEqual(['❤️'])
})

const storages: Record<string, string> = {
  'is full': `localStorage.setItem('site', 'x'.repeat(5 * 1024 * 1024 - 24)); sessionStorage.setItem('site', 'x'.repeat(5 * 1024 * 1024 - 24))`,
  'is refused': `for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError') } })`,
  'is null': `for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { value: null })`,
  'cannot be written': `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }`,
  'has rubbish': `localStorage.setItem('gw-chat:acme.web:session', '{"token":7}'); localStorage.setItem('gw-chat:acme.web:outbox', '{"a":[null]}')`,
}
for (const [name, script] of Object.entries(storages)) {
  test(`the chat works where storage ${name}`, async ({ page, context, gateway, served }) => {
    await hostPage(page, served, element, { first: `<script>${script}</script>` })
    await openChat(page)
    await say(page, 'one')
    await expect(log(page)).toContainText('Sent')
    await context.setOffline(true)
    gateway.cutSockets()
    await say(page, 'two')
    await expect(page.getByText(name === 'has rubbish' ? 'Your text is kept.' : 'your text is not saved.')).toBeVisible()
    await context.setOffline(false)
    await expect.poll(() => gateway.messages.map((m) => m.content.text)).toEqual(['one', 'two'])
    await expect(log(page).getByText('two')).toHaveCount(1)
  })
}

test('a button leads to what came while older messages were read', async ({ page, gateway, served }) => {
  gateway.history(40, Date.now() - 60 * 60_000)
  await page.goto(`${served.url}/shop?open`)
  await expect(log(page).getByText('Line 40', { exact: true })).toBeInViewport()
  await expect.poll(() => gateway.sockets).toBe(1)
  await page.getByRole('region', { name: 'Conversation' }).evaluate((el) => el.scrollTo(0, 200))
  await expect(log(page).getByText('Line 40', { exact: true })).not.toBeInViewport()
  gateway.say('bot', { text: 'News' }, 'Billing bot')
  await page.getByRole('button', { name: 'New messages' }).click()
  await expect(log(page).getByText('News')).toBeInViewport()
  await expect(page.getByRole('button', { name: 'New messages' })).toHaveCount(0)
})
