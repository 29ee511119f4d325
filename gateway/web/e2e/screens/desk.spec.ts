import { expect, test } from '@playwright/test'
import { Fake } from './fake'

test.use({ viewport: { width: 1440, height: 900 } })

test('whoever loses a conversation is told, until they dismiss it', async ({ page }) => {
  const fake = await Fake.start(page)
  await page.goto('/inbox/mine/c-maya')
  await expect(page.getByText('Thank you 🙏').first()).toBeVisible()
  fake.lose('c-maya', 'Marek Zielinski')
  const told = page.getByText('Marek Zielinski took it over from you.')
  await expect(told).toBeVisible()
  await page.reload()
  await expect(told).toBeVisible() // it lasts
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect(told).toBeHidden()
  await expect.poll(() => fake.notices).toEqual([])
  await page.reload()
  await expect(page.getByText('Thank you 🙏').first()).toBeVisible()
  await expect(told).toBeHidden()
})

test('signing out with open conversations asks first', async ({ page }) => {
  const fake = await Fake.start(page)
  await page.goto('/inbox/mine')
  await expect(page.getByText('Priya Nair')).toBeVisible()
  const signOut = async () => {
    await page.getByRole('button', { name: /Ana Lima/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
  }
  const left = () => fake.asked.filter((a) => a.method === 'DELETE' && a.path === '/session').length
  await signOut()
  await expect(page.getByRole('dialog', { name: 'You have 4 open conversations' })).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  expect(left()).toBe(0)
  await signOut()
  await page.getByRole('button', { name: 'Transfer Priya Nair' }).click()
  await page.getByRole('radio', { name: /Marek/ }).click()
  await page.getByRole('textbox', { name: 'Note for the receiver' }).fill('The card was declined.')
  await page.getByRole('dialog', { name: 'Transfer' }).getByRole('button', { name: 'Transfer', exact: true }).click()
  await expect(page.getByRole('dialog', { name: 'You have 3 open conversations' })).toBeVisible()
  await page.getByRole('button', { name: 'Return them and sign out' }).click()
  await expect.poll(left).toBe(1)
})

test('going offline with open conversations asks first, without any it does not', async ({ page }) => {
  const fake = await Fake.start(page)
  await page.goto('/inbox/mine')
  await expect(page.getByText('Priya Nair')).toBeVisible()
  const offline = async () => {
    await page.getByRole('button', { name: /Ana Lima/ }).click()
    await page.getByRole('menuitemradio', { name: /Offline/ }).click()
  }
  await offline()
  expect(fake.me.presence).toBe('online')
  await page.getByRole('button', { name: 'Return them and go offline' }).click()
  await expect.poll(() => fake.me.presence).toBe('offline')
  fake.me.presence = 'online'
  fake.conversations = fake.conversations.filter((c) => c.agent?.id !== fake.me.id)
  await page.reload()
  await expect(page.getByText('Nothing assigned to you')).toBeVisible()
  await offline()
  await expect.poll(() => fake.me.presence).toBe('offline')
})

test('a transfer puts those first who can take it, and says what happens with the others', async ({ page }) => {
  await Fake.start(page)
  await page.goto('/inbox/mine/c-maya')
  await expect(page.getByText('Thank you 🙏').first()).toBeVisible()
  await page.locator('body').press('t')
  await expect(page.getByRole('radio', { name: /Marek/ })).toBeVisible()
  const names = () => page.getByRole('dialog').getByRole('radio').evaluateAll((all) => all.map((r) => r.getAttribute('aria-label') ?? ''))
  await expect.poll(async () => (await names()).map((n) => n.split(',')[0])).toEqual(['Billing', 'Delivery', 'Workshop', 'Marek Zielinski', 'Jonas Weber', 'Lea Fontaine'])
  expect((await names())[4]).toContain('Back soon, for 14 min')
  await page.getByRole('radio', { name: /Marek/ }).click()
  await expect(page.getByText(/then anybody with/)).toBeHidden()
  await page.getByRole('radio', { name: /Lea Fontaine/ }).click()
  await expect(page.getByText('Lea Fontaine is offline. It waits 5 min for them, then anybody with Workshop may take it. Workshop is closed')).toBeVisible()
  await page.getByRole('radio', { name: /Workshop/ }).click()
  await expect(page.getByText(/Workshop is closed and opens/)).toBeVisible()
})

test('what an absent agent holds can be taken by who has the skill', async ({ page }) => {
  const fake = await Fake.start(page)
  await page.goto('/inbox/all/c-jade')
  await page.getByRole('button', { name: 'Take over' }).click()
  await expect.poll(() => fake.find('c-jade').agent?.id).toBe(fake.me.id)
  await page.goto('/inbox/all/c-omar') // whose agent is there
  await expect(page.getByText('Marek Zielinski has this conversation.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Take over' })).toBeHidden()
})

test('rows and offers tell what it is about, not the last no', async ({ page }) => {
  await Fake.start(page)
  await page.goto('/inbox/queue')
  const offer = page.getByRole('region', { name: 'Offer: Zofia Nowak' })
  await expect(offer).toContainText('who pays for the repair?')
  await expect(offer).toContainText('asked for a person')
  const row = page.locator('[data-row="c-lea"]')
  await expect(row).toContainText('Where is my order 50122?')
  await expect(row).toContainText('asked for a person')
})
