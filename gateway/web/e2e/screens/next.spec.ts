import { expect, test } from '@playwright/test'
import { Fake } from './fake'

for (const next of ['http://evil.example/', '//evil.example/', '/\\evil.example', '/\t/evil.example', '/%5cevil.example', 'javascript:document.title="evil"', 'http:evil.example']) {
  test(`a link to the sign-in page leads nowhere else: ${JSON.stringify(next)}`, async ({ page, baseURL }) => {
    const away: string[] = []
    page.on('request', (r) => { if (r.isNavigationRequest() && !r.url().startsWith(baseURL ?? '')) away.push(r.url()) })
    const fake = await Fake.start(page)
    fake.signedIn = false
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
    await page.getByLabel('E-mail').fill('ana@acme.example')
    await page.getByLabel('Password').first().fill('right')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.locator('[data-row]').first()).toBeVisible()
    await expect.poll(() => new URL(page.url()).pathname).toBe('/inbox/mine')
    expect(away).toEqual([])
    expect(await page.title()).not.toBe('evil')
  })
}
