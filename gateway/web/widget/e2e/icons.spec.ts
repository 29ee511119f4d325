import { expect, type Locator, type Page } from '@playwright/test'
import { element, hostPage, launcher, openChat, painted, test } from './fixtures'

// expectIcon looks at what is on screen: strokes in the button's colour, on its background.
async function expectIcon(page: Page, button: Locator): Promise<void> {
  const [color, background] = await button.evaluate((el) => [getComputedStyle(el).color, getComputedStyle(el).backgroundColor])
  const svg = button.locator('svg')
  await expect(svg).toBeVisible()
  const { all, each } = await painted(page, svg, [color ?? '', background === 'rgba(0, 0, 0, 0)' ? await header(page) : (background ?? '')])
  expect(each[0], `pixels of ${color}, of ${all}`).toBeGreaterThan(all * 0.04)
  expect(each[1], `pixels of ${background}, of ${all}`).toBeGreaterThan(all * 0.4)
}

const header = (page: Page): Promise<string> => page.locator('gw-chat header').evaluate((el) => getComputedStyle(el).backgroundColor)
const inside = (page: Page, selector: string): Locator => page.locator(`gw-chat ${selector}`)

for (const scheme of ['light', 'dark'] as const) {
  for (const accent of ['', '#ffd400', '#1b1f3b', '#fff']) {
    test(`every icon is drawn: ${scheme}, ${accent || 'the brand’s colour'}`, async ({ page, served }) => {
      await page.emulateMedia({ reducedMotion: 'reduce' })
      await hostPage(page, served, element, { head: `<style>html{color-scheme:${scheme}} gw-chat{--gw-accent:${accent}}</style>` })
      await expectIcon(page, launcher(page))
      await openChat(page)
      await expectIcon(page, launcher(page)) // now it closes
      await expectIcon(page, page.getByRole('button', { name: 'Close chat' }).first())
      await expectIcon(page, inside(page, 'form button'))
      await page.getByRole('textbox').fill('Hello')
      await expectIcon(page, inside(page, 'form button'))
    })
  }
}

test('the chat page has its icon', async ({ page, served }) => {
  await page.goto(`${served.url}/full`)
  await expectIcon(page, inside(page, 'form button'))
})
