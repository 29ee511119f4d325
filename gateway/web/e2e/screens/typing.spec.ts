import { expect, type Page, test } from '@playwright/test'
import { Fake } from './fake'

const reply = (page: Page) => page.getByRole('textbox', { name: /Reply to Maya/ })

async function open(page: Page, path = '/inbox/mine/c-maya') {
  const fake = await Fake.start(page)
  await page.goto(path)
  await expect(page.locator('[data-row]').first()).toBeVisible()
  return fake
}

// compose types as an input method does, with the key that ends it in the order of each browser.
async function compose(page: Page, order: 'Chrome' | 'Safari', key: 'Enter' | 'Escape', modifiers = 0) {
  const cdp = await page.context().newCDPSession(page)
  const press = () => cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key, code: key, windowsVirtualKeyCode: 229, modifiers })
  await cdp.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
  if (order === 'Chrome') await press()
  await cdp.send('Input.insertText', { text: '日本' })
  if (order === 'Safari') await press()
  await cdp.detach()
}

for (const order of ['Chrome', 'Safari'] as const) {
  test(`the key that ends a composition neither sends nor leaves the composer: ${order}`, async ({ page }) => {
    await open(page)
    await reply(page).focus()
    await compose(page, order, 'Enter', 2) // Control
    await expect(reply(page)).toHaveValue('日本')
    await compose(page, order, 'Escape')
    await expect(reply(page)).toBeFocused()
    await reply(page).press('Control+Enter')
    await expect(page.getByRole('log').getByText('日本日本')).toHaveCount(1)
  })

  test(`nor closes a dialog: ${order}`, async ({ page }) => {
    await open(page)
    await expect(reply(page)).toBeVisible() // the keys are those of the conversation that is shown
    await page.keyboard.press('e')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').last().focus()
    await compose(page, order, 'Escape')
    await expect(dialog).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
  })
}

test('nothing to see is not sent', async ({ page }) => {
  await open(page)
  await reply(page).fill('\u200b\u2800')
  await expect(page.getByRole('button', { name: /^Send/ })).toBeDisabled()
})

test('links are those of the widget', async ({ page }) => {
  const fake = await open(page)
  fake.say('c-maya', { content: { text: 'See („https://a.example/x_(y)“), call +49 (0)89 1234567 or write to me@a.example. Order 12345678.' } })
  const bubble = page.getByRole('log').getByText('Order 12345678.')
  await expect(bubble.getByRole('link')).toHaveText(['https://a.example/x_(y)', '+49 (0)89 1234567', 'me@a.example'])
  expect(await bubble.getByRole('link').evaluateAll((all) => all.map((a) => a.getAttribute('href')))).toEqual(['https://a.example/x_(y)', 'tel:+49891234567', 'mailto:me@a.example'])
})
