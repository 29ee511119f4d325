import { expect, test, type Page } from '@playwright/test'
import { Gateway } from './gateway'

const gateway = new Gateway()

test.beforeAll(() => gateway.start())
test.afterAll(() => gateway.stop())

test.use({ viewport: { width: 1440, height: 900 } })

async function signIn(page: Page, path: string, email: string) {
  await page.goto(gateway.base + path)
  await page.getByLabel(/e-?mail/i).fill(email)
  await page.getByLabel(/^password/i).fill(gateway.passwords.get(email) ?? '')
  await page.keyboard.press('Enter')
}

test('a mood is seen and corrected, and what a message means reaches the supervisor', async ({ browser }) => {
  const agent = await (await browser.newContext()).newPage()
  await signIn(agent, '/inbox/mine', 'ana@acme.example')
  await agent.getByRole('button', { name: /go online/i }).first().click()

  const visitor = await (await browser.newContext()).newPage()
  await visitor.goto(`${gateway.base}/chat/acme.web`)
  const box = visitor.locator('gw-chat').getByRole('textbox')
  await box.fill('This is terrible, I am so angry and disappointed')
  await box.press('Enter')
  await expect(visitor.locator('gw-chat').getByRole('log')).toContainText('angry and disappointed')
  await box.fill('agent')
  await box.press('Enter')
  await agent.getByRole('button', { name: /accept/i }).first().click()
  const mark = agent.locator('header').getByRole('img', { name: /^Sounds/ })
  await expect(mark).toHaveAttribute('aria-label', /^Sounds unhappy \(−/)
  await expect(agent.getByRole('region', { name: /^Handed over by/ })).toContainText('unhappy')

  const about = agent.getByRole('button', { name: 'About this message' })
  await about.first().click()
  await expect(agent.getByRole('menuitemradio', { name: 'Negative' })).toBeChecked()
  await agent.getByRole('menuitemradio', { name: 'Positive' }).click()
  await expect(mark).toHaveAttribute('aria-label', /^Sounds happy/)
  await about.first().click()
  await expect(agent.getByText('You said so.')).toBeVisible()
  await agent.getByRole('menuitem', { name: 'What it means…' }).click()
  await agent.getByRole('combobox', { name: 'Find an intent' }).fill('order_st')
  await agent.getByRole('option', { name: 'Order status' }).click()
  await expect(agent.getByText('Kept for learning as Order status.')).toBeVisible()

  const supervisor = await (await browser.newContext()).newPage()
  await signIn(supervisor, '/learning', 'sofia@acme.example')
  const group = supervisor.getByRole('region', { name: 'Like Order status' })
  await expect(group).toContainText('This is terrible, I am so angry and disappointed')
  await expect(group).toContainText('Ana Lima said: Order status')
  await group.getByRole('checkbox').first().check()
  await supervisor.getByRole('button', { name: 'Dismiss' }).click()
  await expect(supervisor.getByText('1 text dismissed')).toBeVisible()
  await expect(group).toHaveCount(0)
  await supervisor.getByRole('tab', { name: 'Answers' }).click()
  await expect(supervisor.getByRole('row').nth(1)).toContainText('Nobody said')
})
