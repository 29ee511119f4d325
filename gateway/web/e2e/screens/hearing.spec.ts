import { expect, type Page, test } from '@playwright/test'
import { Fake } from './fake'

const about = (page: Page) => page.getByRole('button', { name: 'About this message' })
const row = (page: Page, id: string) => page.locator(`[data-row="${id}"]`)

async function open(page: Page, path = '/inbox/mine/c-maya') {
  const fake = await Fake.start(page)
  await page.goto(path)
  await expect(page.locator('[data-row]').first()).toBeVisible()
  return fake
}

test.use({ viewport: { width: 1440, height: 900 } })

test('a mood is told in words, and only where there is one', async ({ page }) => {
  await open(page)
  await expect(row(page, 'c-priya').getByRole('img', { name: 'Sounds unhappy (−0.6). A guess from words.' })).toBeVisible()
  await expect(row(page, 'c-tomas').getByRole('img', { name: 'Sounds happy (+0.7). A guess from words.' })).toBeVisible()
  await expect(row(page, 'c-jonas').getByRole('img', { name: /Sounds/ })).toHaveCount(0)
  const card = page.getByRole('region', { name: 'Handed over by Ava' })
  await expect(card).toContainText('soundsunhappy (−0.4)')
  await expect(card).toContainText('writes inEnglish')
  await expect(page.getByText('priority 2, raised by 1 because the consumer sounds unhappy')).toBeVisible()
})

test('the mood follows what the consumer writes', async ({ page }) => {
  const fake = await open(page)
  fake.say('c-maya', { content: { text: 'Lovely!' } }, { score: 0.5, tone: 'positive' })
  await expect(row(page, 'c-maya').getByRole('img', { name: /^Sounds happy/ })).toBeVisible()
  await expect(page.getByRole('banner').or(page.locator('header')).getByRole('img', { name: /^Sounds happy/ })).toBeVisible()
  fake.happen({ kind: 'mood', conversation: 'c-maya', mood: { score: 0.1, tone: 'neutral' } })
  fake.find('c-maya').mood = { score: 0.1, tone: 'neutral' }
  await expect(row(page, 'c-maya').getByRole('img', { name: /^Sounds/ })).toHaveCount(0)
})

test('the menu is reached by keys, and only for what the consumer wrote', async ({ page }) => {
  await open(page)
  await expect(about(page)).toHaveCount(5)
  await about(page).last().focus()
  await expect(about(page).last()).toHaveCSS('opacity', '1')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem', { name: 'What it means…' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('menuitemradio', { name: 'Negative' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(about(page).last()).toBeFocused()
})

test('an agent says how a message sounds; a guess can be confirmed', async ({ page }) => {
  const fake = await open(page)
  await about(page).last().click()
  await expect(page.getByRole('menuitemradio', { name: 'Positive' })).toBeChecked()
  await expect(page.getByRole('menu').getByText('A guess from words.')).toBeVisible()
  await page.getByRole('menuitemradio', { name: 'Positive' }).click()
  await expect(page.getByText('Kept: it sounds positive.')).toBeVisible()
  await expect.poll(() => fake.asked.find((a) => a.path.endsWith('/tone'))).toMatchObject({ path: '/conversations/c-maya/messages/c-maya-m11/tone', body: { tone: 'positive' } })
  await about(page).last().click()
  await expect(page.getByText('You said so.')).toBeVisible()
  await page.keyboard.press('Escape')
  await about(page).nth(3).click()
  await expect(page.getByRole('menuitemradio', { name: 'Negative' })).toBeChecked()
  await expect(page.getByText('Jonas Weber said so.')).toBeVisible()
})

test('a judgement shows the mood that comes of it', async ({ page }) => {
  const fake = await open(page)
  fake.find('c-maya').mood = { score: 0.2, tone: 'positive' }
  await about(page).last().click()
  await page.getByRole('menuitemradio', { name: 'Negative' }).click()
  await expect(row(page, 'c-maya').getByRole('img', { name: /^Sounds happy \(\+0\.2\)/ })).toBeVisible()
})

test('a judgement that fails is told and changes nothing', async ({ page }) => {
  const fake = await open(page)
  fake.instead.set('POST /conversations/c-maya/messages/c-maya-m11/tone', { status: 503, body: { code: 'unavailable', message: 'The gateway is stopping.', request_id: 'r' } })
  await about(page).last().click()
  await page.getByRole('menuitemradio', { name: 'Negative' }).click()
  await expect(page.getByText('The gateway is stopping.')).toBeVisible()
  await about(page).last().click()
  await expect(page.getByRole('menuitemradio', { name: 'Positive' })).toBeChecked()
})

test('an agent says what a message means, by keys', async ({ page }) => {
  const fake = await open(page)
  await about(page).first().click()
  await page.getByRole('menuitem', { name: 'What it means…' }).click()
  const find = page.getByRole('combobox', { name: 'Find an intent' })
  await expect(find).toBeFocused()
  await expect(find).toHaveAttribute('aria-expanded', 'true')
  await find.fill('order st')
  await expect(page.getByRole('option')).toHaveText(['Order status', /None of these/])
  await find.press('ArrowDown')
  await find.press('Enter')
  await expect(page.getByText('Kept for learning as Order status.')).toBeVisible()
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect.poll(() => fake.asked.find((a) => a.path.endsWith('/intent'))).toMatchObject({ path: '/conversations/c-old/messages/c-old-m1/intent', body: { intent: 'order_status' } })
})

test('or that it means none of them, and is told when that is refused', async ({ page }) => {
  const fake = await open(page)
  const path = 'POST /conversations/c-maya/messages/c-maya-m11/intent'
  fake.instead.set(path, { status: 400, body: { code: 'invalid', message: 'is not a text that the consumer wrote', field: 'message', request_id: 'r' } })
  await about(page).last().click()
  await page.getByRole('menuitem', { name: 'What it means…' }).click()
  await page.getByRole('combobox').fill('xyz')
  await expect(page.getByText('No intent is called “xyz”.')).toBeVisible()
  await page.getByRole('option', { name: /None of these/ }).click()
  await expect(page.getByText('is not a text that the consumer wrote')).toBeVisible()
  await expect(page.getByRole('dialog', { name: 'What it means' })).toBeVisible()
  fake.instead.clear()
  await page.getByRole('option', { name: /None of these/ }).click()
  await expect(page.getByText('Kept for learning: it means none of these.')).toBeVisible()
  await expect.poll(() => fake.asked.filter((a) => a.path.endsWith('/intent')).at(-1)?.body).toEqual({ intent: null })
})
