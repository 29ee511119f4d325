import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { Fake } from './fake'

const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

type Screen = { path: string; ready: string; before?: (fake: Fake) => void; act?: (page: Page, fake: Fake) => Promise<void> }

const screens: Record<string, Screen> = {
  landing: { path: '/', ready: 'text=Talk to Acme Bikes' },
  'landing-bare': { path: '/', ready: 'text=One inbox for every channel', before: (f) => (f.welcome = undefined) },
  'sign-in': { path: '/inbox', ready: 'label=Password', before: (f) => (f.signedIn = false) },
  'not-found': { path: '/nowhere', ready: 'text=Nothing here' },
  inbox: { path: '/inbox/mine', ready: 'text=Priya Nair' },
  queue: { path: '/inbox/queue', ready: 'text=Lea Dubois' },
  all: { path: '/inbox/all?state=any', ready: 'text=Omar Haddad' },
  conversation: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏' },
  opted_out: { path: '/inbox/mine/c-priya', ready: 'text=The consumer has opted out' },
  waiting: { path: '/inbox/queue/c-lea', ready: 'text=Nobody has this conversation yet' },
  closed: { path: '/inbox/all/c-old?state=closed', ready: 'text=This conversation is closed' },
  empty: { path: '/inbox/mine', ready: 'text=Nothing assigned to you', before: (f) => (f.conversations = []) },
  loading: { path: '/inbox/mine/c-maya', ready: 'css=[aria-hidden] .mantine-Skeleton-root', before: (f) => ['', '/messages'].forEach((p) => f.instead.set(`GET /conversations/c-maya${p}`, { wait: true })) },
  'list-error': { path: '/inbox/mine', ready: 'text=The list did not load', before: (f) => f.instead.set('GET /conversations', { status: 500, body: { code: 'internal', message: 'The gateway made a mistake.', request_id: 'r-1' } }) },
  missing: { path: '/inbox/mine/c-none', ready: 'text=This conversation does not exist' },
  transfer: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', act: async (page) => {
    await page.locator('body').press('t')
    await expect(page.getByRole('radio', { name: /Marek/ })).toBeVisible()
  } },
  close: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', act: async (page) => {
    await page.locator('body').press('e')
    await expect(page.getByText('Refunded')).toBeVisible()
  } },
  keys: { path: '/inbox/mine', ready: 'text=Priya Nair', act: async (page) => {
    await page.locator('body').press('?')
    await expect(page.getByText('Single-letter shortcuts')).toBeVisible()
  } },
  note: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', act: async (page) => {
    await page.locator('body').press('n')
    await page.keyboard.type('Payout export is fixed, runs tonight.')
  } },
}

for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${size} ${colorScheme}`, () => {
      test.use({ viewport, colorScheme })
      for (const [name, screen] of Object.entries(screens)) {
        test(name, async ({ page }) => {
          const reports: string[] = []
          page.on('console', (m) => {
            if (/Content Security Policy|hydrat|Warning:/.test(m.text())) reports.push(m.text())
          })
          page.on('pageerror', (e) => reports.push(e.message))
          const fake = await Fake.start(page)
          screen.before?.(fake)
          await page.goto(screen.path)
          const [kind, ...rest] = screen.ready.split('=')
          const what = rest.join('=')
          const ready = kind === 'label' ? page.getByLabel(what) : kind === 'css' ? page.locator(what) : page.getByText(what)
          await expect(ready.first()).toBeAttached()
          await screen.act?.(page, fake)
          await page.evaluate(() => Promise.all([document.fonts.ready, ...document.getAnimations().map((a) => a.finished.catch(() => undefined))]).then(() => undefined))
          if (process.env.SHOTS) await page.screenshot({ path: `e2e/shots/${name}-${size}-${colorScheme}.png` })
          const axe = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
          expect(axe.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`)).toEqual([])
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
          expect(overflow, 'nothing wider than the screen').toBeLessThanOrEqual(0)
          expect(reports).toEqual([])
        })
      }
    })
  }
}
