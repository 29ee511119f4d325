import { expect, type Page, test } from '@playwright/test'
import { Fake } from './fake'

async function open(page: Page, role: 'agent' | 'supervisor' | 'admin' = 'admin', path = '/learning', before?: (f: Fake) => void) {
  const fake = await Fake.start(page)
  fake.me.role = role
  before?.(fake)
  await page.goto(path)
  return fake
}

const group = (page: Page, name: string) => page.getByRole('region', { name })
const sent = (fake: Fake, path: string) => fake.asked.filter((a) => a.path === path).map((a) => a.body)

test.use({ viewport: { width: 1280, height: 900 } })

test('agents neither see the place nor ask for what is in it', async ({ page }) => {
  const fake = await open(page, 'agent')
  await expect(page.getByText('For supervisors and admins')).toBeVisible()
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Learning' })).toHaveCount(0)
  expect(fake.asked.some((a) => a.path === '/utterances')).toBe(false)
})

test('its address survives the sign-in', async ({ page }) => {
  const fake = await open(page, 'supervisor', '/learning?tab=answers', (f) => (f.signedIn = false))
  await page.getByLabel('E-mail').fill('marek@acme.example')
  await page.getByLabel('Password').first().fill('right')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('tab', { name: 'Answers' })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Learning' })).toBeVisible()
  await expect(page.getByRole('row')).toContainText(['Question', 'What is the return period?', 'not in the active version', 'How long does a refund take?', 'Nobody said'])
  expect(fake.signedIn).toBe(true)
})

test('a supervisor puts texts aside, and finds them again', async ({ page }) => {
  const fake = await open(page, 'supervisor')
  const like = group(page, 'Like Order status')
  await expect(like).toContainText('likeness 0.78')
  await expect(like).toContainText('Jonas Weber said: Order status')
  await like.getByRole('checkbox', { name: 'Choose all 4 texts of this group' }).check()
  await like.getByRole('checkbox', { name: 'any news on my stuff' }).uncheck()
  await expect(page.getByText('3 chosen')).toBeVisible()
  await expect(page.getByText('Only admins accept.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Accept…' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect(page.getByText('3 texts dismissed')).toBeVisible()
  await expect(like.getByRole('listitem')).toHaveCount(1)
  await expect.poll(() => sent(fake, '/utterances/dismiss')[0]?.['ids']).toHaveLength(3)
  await page.getByText('Dismissed', { exact: true }).click()
  await expect(page).toHaveURL(/state=dismissed/)
  await expect(page.getByText('wheres my stuff', { exact: true })).toBeVisible()
  await expect(page.getByRole('checkbox')).toHaveCount(0)
})

test('an admin accepts what is suggested and reads what it changed', async ({ page }) => {
  const fake = await open(page)
  await page.getByRole('checkbox', { name: 'wheres my stuff' }).check()
  await page.getByRole('button', { name: 'Accept…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('combobox', { name: 'Intent' })).toHaveValue('order_status')
  await dialog.getByRole('button', { name: 'Accept', exact: true }).click()
  await expect(dialog.getByText('Version b3f0c2a9d41e is active now.')).toBeVisible()
  await expect(dialog.getByRole('row', { name: /^Intents/ })).toContainText('92.2 % (188 of 204)93.6 % (191 of 204)')
  await expect(dialog.getByRole('row', { name: /^Order status/ })).toContainText('86.4 % (19 of 22)100.0 % (22 of 22)')
  await expect(dialog.getByRole('row', { name: /^Tests of the brand/ })).toContainText('100.0 % (12 of 12)')
  await expect(dialog.getByRole('row', { name: /^Questions/ })).toHaveCount(0)
  await expect(dialog.getByText('not known → Order status')).toBeVisible()
  await expect.poll(() => sent(fake, '/utterances/accept')).toEqual([{ ids: [expect.any(Number)], intent: 'order_status' }])
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(page.getByText('wheres my stuff')).toHaveCount(0)
})

test('a new question needs an answer; what would understand less is refused with reasons', async ({ page }) => {
  const fake = await open(page)
  Object.assign(fake.lessons.lesson, { accepted: false, version: undefined, reasons: ['fewer questions would be found: 90.0 % (9 of 10) instead of 100.0 % (10 of 10)'] })
  await page.getByRole('checkbox', { name: 'do you sell gift cards' }).check()
  await page.getByRole('button', { name: 'Accept…' }).click()
  const dialog = page.getByRole('dialog')
  const submit = dialog.getByRole('button', { name: 'Accept', exact: true })
  await submit.click()
  await expect(dialog.getByText('Choose an intent or write a new name.')).toBeVisible()
  await dialog.getByText('A question', { exact: true }).click()
  await dialog.getByRole('combobox', { name: 'Question' }).fill('Can I park at the shop?')
  await expect(dialog.getByLabel('Answer')).toHaveCount(0)
  await dialog.getByRole('combobox', { name: 'Question' }).fill('Do you sell gift cards?')
  await submit.click()
  await expect(dialog.getByText('Write the answer.')).toBeVisible()
  expect(sent(fake, '/utterances/accept')).toEqual([])
  await dialog.getByLabel('Answer').fill('Yes, from ten euros.')
  await submit.click()
  await expect(dialog.getByRole('alert')).toContainText('fewer questions would be found')
  await dialog.getByRole('button', { name: 'Change' }).click()
  await expect(dialog.getByLabel('Answer')).toHaveValue('Yes, from ten euros.')
  await expect.poll(() => sent(fake, '/utterances/accept')[0]).toMatchObject({ question: 'Do you sell gift cards?', answer: 'Yes, from ten euros.' })
  fake.instead.set('POST /utterances/accept', { status: 409, body: { code: 'conflict', message: 'Another version became active meanwhile.', request_id: 'r' } })
  await submit.click()
  await expect(dialog.getByRole('alert')).toContainText('Another version became active meanwhile.')
})

test('more groups are asked for', async ({ page }) => {
  const fake = await open(page, 'supervisor', '/learning', (f) => {
    const one = f.lessons.groups[2]
    f.lessons.groups = Array.from({ length: 60 }, (_, i) => ({ ...structuredClone(one!), utterances: [{ ...one!.utterances[0]!, id: 1_000 + i, text: `text ${i}` }] })) // eslint-disable-line @typescript-eslint/no-non-null-assertion
  })
  await expect(group(page, 'Like nothing known')).toHaveCount(50)
  await page.getByRole('button', { name: 'Show more (50 of 60 groups)' }).click()
  await expect(group(page, 'Like nothing known')).toHaveCount(60)
  await expect(page.getByRole('button', { name: /Show more/ })).toHaveCount(0)
  await expect.poll(() => fake.asked.filter((a) => a.path === '/utterances')).toHaveLength(2)
})
