import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { Fake } from './fake'

const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

type Screen = { path: string; ready: string; before?: (fake: Fake) => void; act?: (page: Page, fake: Fake) => Promise<void> }

const lead = (f: Fake) => {
  f.me.role = 'admin'
}

const ask = async (page: Page) => {
  await page.getByRole('button', { name: 'About this message' }).last().click()
  await page.getByRole('menuitem', { name: 'What it means…' }).click()
  await expect(page.getByRole('dialog', { name: 'What it means' })).toBeVisible()
}

const screens: Record<string, Screen> = {
  landing: { path: '/', ready: 'text=Talk to Acme Bikes' },
  'landing-bare': { path: '/', ready: 'text=One inbox for every channel', before: (f) => (f.welcome = undefined) },
  'sign-in': { path: '/inbox', ready: 'input[name=password]', before: (f) => (f.signedIn = false) },
  'not-found': { path: '/nowhere', ready: 'text=Nothing here' },
  inbox: { path: '/inbox/mine', ready: 'text=Priya Nair' },
  queue: { path: '/inbox/queue', ready: 'text=Lea Dubois' },
  all: { path: '/inbox/all?state=any', ready: 'text=Omar Haddad' },
  conversation: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏' },
  opted_out: { path: '/inbox/mine/c-priya', ready: 'text=The consumer has opted out' },
  waiting: { path: '/inbox/queue/c-lea', ready: 'text=Nobody has this conversation yet' },
  closed: { path: '/inbox/all/c-old?state=closed', ready: 'text=This conversation is closed' },
  empty: { path: '/inbox/mine', ready: 'text=Nothing assigned to you', before: (f) => (f.conversations = []) },
  loading: { path: '/inbox/mine/c-maya', ready: '.mantine-Skeleton-root', before: (f) => ['', '/messages'].forEach((p) => f.instead.set(`GET /conversations/c-maya${p}`, { wait: true })) },
  'list-error': { path: '/inbox/mine', ready: 'text=The list did not load', before: (f) => f.instead.set('GET /conversations', { status: 500, body: { code: 'internal', message: 'The gateway made a mistake.', request_id: 'r-1' } }) },
  missing: { path: '/inbox/mine/c-none', ready: 'text=This conversation does not exist' },
  transfer: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', act: async (page) => {
    await page.locator('body').press('t')
    await expect(page.getByRole('radio', { name: /Marek/ })).toBeVisible()
  } },
  'transfer-away': { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', act: async (page) => {
    await page.locator('body').press('t')
    await page.getByRole('radio', { name: /Jonas Weber/ }).click()
    await expect(page.getByText('It waits 5 min for them, then anybody with Billing may take it.')).toBeVisible()
  } },
  consent: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', act: async (page) => {
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Messages wanted?' }).click()
    await expect(page.getByRole('dialog', { name: 'Messages wanted?' })).toBeVisible()
  } },
  'sign-out': { path: '/inbox/mine', ready: 'text=Priya Nair', act: async (page) => {
    await page.getByRole('button', { name: /Ana Lima/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await expect(page.getByRole('button', { name: 'Return them and sign out' })).toBeVisible()
  } },
  notices: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', before: (f) => {
    f.me.presence = 'away'
    f.me.presence_reason = 'offers_lapsed'
    const at = Date.now()
    f.notices = [
      { n: 1, agent: f.me.id, kind: 'lost', conversation: 'c-lea', consumer: 'Lea Dubois', to: 'Delivery', at: at - 3_600_000 },
      { n: 2, agent: f.me.id, kind: 'taken', conversation: 'c-omar', consumer: 'Omar Haddad', by: 'Marek Zielinski', to: 'Marek Zielinski', at: at - 600_000 },
      { n: 3, agent: f.me.id, kind: 'offers_lapsed', at: at - 60_000 },
    ]
  } },
  'waits-for': { path: '/inbox/queue/c-amber', ready: 'text=Waits for Jonas Weber' },
  'not-there': { path: '/inbox/all/c-jade', ready: 'text=Lea Fontaine · not there' },
  close: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', act: async (page) => {
    await page.locator('body').press('e')
    await expect(page.getByText('Refunded')).toBeVisible()
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click()
    await expect(page.getByText('This is needed.')).toBeVisible()
  } },
  'bot-note': { path: '/inbox/mine/c-jonas', ready: 'text=attempt to index a nil value' },
  keys: { path: '/inbox/mine', ready: 'text=Priya Nair', act: async (page) => {
    await page.locator('body').press('?')
    await expect(page.getByText('Single-letter shortcuts')).toBeVisible()
  } },
  account: { path: '/inbox/mine', ready: 'text=Priya Nair', act: async (page) => {
    await page.getByRole('button', { name: /Ana Lima/ }).click()
    await expect(page.getByRole('menuitemradio', { name: /Back soon/ })).toBeVisible()
  } },
  drawer: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', act: async (page) => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole('button', { name: 'About the consumer' }).click()
    await expect(page.getByRole('dialog').getByText('Why you')).toBeVisible()
  } },
  guard: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', before: (f) => f.instead.set('POST /conversations/c-maya/messages', { status: 409, body: { code: 'conflict', message: 'Somebody else answered.', request_id: 'r', events: [] } }), act: async (page) => {
    await page.getByRole('textbox', { name: /Reply/ }).fill('One moment, I look it up.')
    await page.getByRole('textbox', { name: /Reply/ }).press('Control+Enter')
    await expect(page.getByRole('button', { name: 'Send anyway' })).toBeVisible()
  } },
  held: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', before: (f) => f.instead.set('POST /conversations/c-maya/messages', { status: 409, body: { code: 'conflict', message: 'The conversation is with somebody else.', request_id: 'r', events: [
    { cursor: 'e9z', at: Date.now(), kind: 'owner', actor: 'agent:u-jonas', conversation: 'c-maya', change: { state: 'open', owner: 'agent', agent: 'u-jonas', agent_name: 'Jonas Weber', rev: 9 } },
  ] } }), act: async (page, fake) => {
    await page.getByRole('textbox', { name: /Reply/ }).fill('The payout was booked on Monday.\nIt will be with you on Wednesday.')
    await page.getByRole('textbox', { name: /Reply/ }).press('Control+Enter')
    await expect(page.getByLabel('Your words')).toBeVisible()
    fake.give('c-maya', { id: 'u-jonas', name: 'Jonas Weber' })
    await expect(page.getByText('Jonas Weber has this conversation.')).toBeVisible()
  } },
  'send-again': { path: '/inbox/mine/c-maya', ready: 'text=Send again (it may arrive twice)', before: (f) => {
    f.say('c-maya', { author: 'bot', author_name: 'Ava', state: 'failed', failure: 'The number cannot be reached (30003).', content: { text: 'Your refund is on its way.' } })
    f.say('c-maya', { author: 'agent', author_id: f.me.id, state: 'unknown', content: { text: 'It will be there on Monday.' } })
  } },
  'channel-waits': { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', before: (f) => {
    lead(f)
    const trouble = (cls: string, reason: string) => ({ ok: false, alarm: true, class: cls, reason, since: Date.now() - 25 * 60_000 })
    f.instead.set('GET /channels', { status: 200, body: { channels: [
      { id: 'acme.sms', kind: 'twilio', name: 'SMS', trouble: { channel: 'acme.sms', ...trouble('auth', 'Twilio refused the credentials (20003).') } },
      { id: 'acme.wa', kind: 'twilio', name: 'SMS Austria', trouble: { channel: 'acme.wa', ...trouble('retry', 'The provider cannot be reached.') } },
    ] } })
  }, act: async (page) => {
    await expect(page.getByText('They go out when the credentials are put right.')).toBeVisible()
  } },
  'message-menu': { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', act: async (page) => {
    await page.getByRole('button', { name: 'About this message' }).last().click()
    await expect(page.getByRole('menuitemradio', { name: 'Positive' })).toBeVisible()
  } },
  meaning: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', act: ask },
  'meaning-empty': { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', before: (f) => (f.lessons.intents = []), act: async (page) => {
    await ask(page)
    await expect(page.getByText('No intents yet')).toBeVisible()
  } },
  learning: { path: '/learning', ready: 'text=wheres my stuff', before: lead, act: async (page) => {
    await page.getByRole('checkbox', { name: 'Choose all 2 texts of this group' }).check()
    await expect(page.getByText('2 chosen')).toBeVisible()
  } },
  'learning-answers': { path: '/learning?tab=answers', ready: 'text=What is the return period?', before: lead },
  'learning-empty': { path: '/learning?state=dismissed', ready: 'text=Nothing dismissed', before: lead },
  'learning-error': { path: '/learning', ready: 'text=The texts did not load', before: (f) => {
    lead(f)
    f.instead.set('GET /utterances', { status: 409, body: { code: 'conflict', message: 'The brand has no active version.', request_id: 'r-2' } })
  } },
  'learning-forbidden': { path: '/learning', ready: 'text=For supervisors and admins' },
  'learning-accept': { path: '/learning', ready: 'text=wheres my stuff', before: lead, act: async (page) => {
    await page.getByRole('checkbox', { name: 'Choose the text of this group' }).check()
    await page.getByRole('button', { name: 'Accept…' }).click()
    await page.getByText('A question', { exact: true }).click()
    await page.getByRole('combobox', { name: 'Question' }).fill('Do you sell gift cards?')
    await expect(page.getByRole('textbox', { name: 'Answer' })).toBeVisible()
    await page.getByRole('button', { name: 'Accept', exact: true }).click()
    await expect(page.getByText('Write the answer.')).toBeVisible()
  } },
  'learning-refused': { path: '/learning', ready: 'text=wheres my stuff', before: (f) => {
    lead(f)
    Object.assign(f.lessons.lesson, { accepted: false, version: undefined, intents_after: { right: 186, of: 204 }, moved: [{ intent: 'return_goods', before: { right: 20, of: 20 }, after: { right: 17, of: 20 } }], unplayed: 3, reasons: ['the intents would be told apart less well: 91.2 % (186 of 204) instead of 92.2 % (188 of 204)', '"send it back" would mean order_status and not return_goods'] })
  }, act: async (page) => {
    await page.getByRole('checkbox', { name: 'wheres my stuff' }).check()
    await page.getByRole('button', { name: 'Accept…' }).click()
    await page.getByRole('button', { name: 'Accept', exact: true }).click()
    await expect(page.getByText('Nothing was changed')).toBeVisible()
  } },
  'learning-outcome': { path: '/learning', ready: 'text=wheres my stuff', before: lead, act: async (page) => {
    await page.getByRole('checkbox', { name: 'wheres my stuff' }).check()
    await page.getByRole('button', { name: 'Accept…' }).click()
    await page.getByRole('button', { name: 'Accept', exact: true }).click()
    await expect(page.getByText('1 text learnt')).toBeVisible()
  } },
  note: { path: '/inbox/mine/c-maya', ready: 'text=Thank you 🙏', act: async (page) => {
    await page.locator('body').press('n')
    await page.keyboard.type('Payout export is fixed, runs tonight.')
  } },
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** settled waits for the fonts and for every animation that ends. */
const settled = (page: Page) =>
  page.evaluate(async () => {
    await document.fonts.ready
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
    const ending = document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity)
    await Promise.all(ending.map((a) => a.finished.catch(() => undefined)))
  })

for (const [size, viewport] of Object.entries(sizes)) {
  test.describe(size, () => {
    test.use({ viewport, colorScheme: 'light', hasTouch: size === 'phone' })
    for (const [name, screen] of Object.entries(screens)) {
      test(name, async ({ page }) => {
        const reports: string[] = []
        page.on('console', (m) => {
          if (/Content Security Policy|Warning:/.test(m.text())) reports.push(m.text())
        })
        page.on('pageerror', (e) => reports.push(e.message))
        const fake = await Fake.start(page)
        screen.before?.(fake)
        await page.goto(screen.path)
        await expect(page.locator(screen.ready).first()).toBeAttached()
        await screen.act?.(page, fake)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          await settled(page)
          if (process.env.SHOTS) await page.screenshot({ path: `e2e/shots/${name}-${size}-${colorScheme}.png` })
          if (size === 'phone' && colorScheme === 'light') continue // the colours are those of the wide one
          const axe = await new AxeBuilder({ page }).withTags(rules).analyze()
          expect(axe.violations.map((v) => `${colorScheme} ${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.failureSummary ?? ''}`).slice(0, 3).join(' | ')}`)).toEqual([])
        }
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        expect(overflow, 'nothing is wider than the screen').toBeLessThanOrEqual(0)
        expect(reports).toEqual([])
      })
    }
  })
}
