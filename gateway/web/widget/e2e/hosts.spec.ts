import { expect, type Page } from '@playwright/test'
import { composer, element, expectAccessible, hostPage, launcher, log, openChat, rich, say, test } from './fixtures'

// What a page around the widget may be like.

const surface = (page: Page): Promise<string> => page.locator('gw-chat .panel').evaluate((el) => getComputedStyle(el).backgroundColor)
const white = 'rgb(255, 255, 255)'
const dark = 'rgb(22, 24, 29)'

test('two tabs that start at once are one visitor', async ({ context, page, gateway, served }) => {
  const other = await context.newPage()
  for (const p of [page, other]) await p.goto(`${served.url}/shop`)
  await Promise.all([page, other].map((p) => openChat(p)))
  await Promise.all([say(page, 'one'), say(other, 'two')])
  for (const p of [page, other]) for (const text of ['one', 'two']) await expect(log(p).getByText(text)).toHaveCount(1)
  expect(gateway.starts).toHaveLength(1)
})

test('and where pages cannot lock', async ({ context, page, gateway, served }) => {
  await context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }))
  const other = await context.newPage()
  for (const p of [page, other]) await p.goto(`${served.url}/shop`)
  await Promise.all([page, other].map((p) => launcher(p).click()))
  await Promise.all([say(page, 'one'), say(other, 'two')])
  for (const p of [page, other]) for (const text of ['one', 'two']) await expect(log(p).getByText(text)).toHaveCount(1)
  expect(gateway.starts).toHaveLength(1)
})

test('a site that may not show the chat is told in words, on the page and in the console', async ({ page, gateway, served }) => {
  const message = 'This chat may not be shown on https://shop.example: allowed_origins of the channel does not list it.'
  const told: string[] = []
  page.on('console', (m) => told.push(m.text()))
  gateway.refuse = { status: 403, body: { code: 'forbidden', message } }
  await page.goto(`${served.url}/shop`)
  await openChat(page)
  await expect(page.getByText(`This site may not show this chat. ${message}`)).toBeVisible()
  await expectAccessible(page)
  await expect.poll(() => told.filter((t) => t.includes('gw-chat'))).toEqual([`gw-chat: ${message}`])
})

test('a channel that is gone says so, and what is written is not lost', async ({ page, gateway, served }) => {
  gateway.refuse = { status: 404, body: { code: 'not_found', message: 'There is no such chat.' } }
  await page.goto(`${served.url}/shop?open`)
  await expect(page.getByText('This chat no longer exists.')).toBeVisible()
  await expect(page.getByText('Reconnecting')).toHaveCount(0)
})

test.describe('policies', () => {
  test.use({ strict: false })

  test('a policy without sockets: polled within two seconds', async ({ page, gateway, served }) => {
    await hostPage(page, served, element, { policy: `default-src 'none'; script-src 'self'; connect-src ${served.url}/chat/acme.web/session ${served.url}/chat/acme.web/messages ${served.url}/chat/acme.web/events` })
    const from = Date.now()
    await openChat(page)
    await expect.poll(() => gateway.requests.includes('GET /events')).toBe(true)
    expect(Date.now() - from).toBeLessThan(2000)
    await say(page, 'hello')
    await expect(log(page)).toContainText('Sent')
    gateway.say('bot', { text: 'polled' }, 'Billing bot')
    await expect(log(page)).toContainText('polled')
    await expect(page.getByText('Reconnecting')).toHaveCount(0)
  })

  test('a policy that lets nothing through is told in words', async ({ page, served }) => {
    const told: string[] = []
    page.on('console', (m) => told.push(m.text()))
    await hostPage(page, served, element, { policy: `default-src 'none'; script-src 'self'` })
    await openChat(page)
    await expect(page.getByText('This page does not let the chat connect.')).toBeVisible()
    await expect.poll(() => told.some((t) => t === `gw-chat: the page's Content-Security-Policy must allow connect-src ${served.url}`)).toBe(true)
  })
})

test.describe('dark or light', () => {
  const cases: [string, string, 'light' | 'dark', { html?: string; head?: string }][] = [
    ['color-scheme: dark', dark, 'light', { head: '<style>html{color-scheme:dark}</style>' }],
    ['color-scheme: light', white, 'dark', { head: '<style>:root{color-scheme:only light}</style>' }],
    ['color-scheme: light dark', dark, 'dark', { head: '<style>html{color-scheme:light dark}</style>' }],
    ['a meta element', dark, 'light', { head: '<meta name="color-scheme" content="dark">' }],
    ['data-theme', dark, 'light', { html: 'data-theme="dark"' }],
    ['data-bs-theme', white, 'dark', { html: 'data-bs-theme="light"' }],
    ['data-color-mode beside other marks', dark, 'light', { html: 'data-light-theme="light" data-dark-theme="dark" data-color-mode="dark"' }],
    ['class dark', dark, 'light', { html: 'class="no-js dark"' }],
    ['class of something else', white, 'light', { html: 'class="dark-footer has-dark-nav"' }],
    ['a dark background', dark, 'light', { head: '<style>body{background:#101218}</style>' }],
    ['a white background', white, 'dark', { head: '<style>body{background:#fff}</style>' }],
    ['nothing', dark, 'dark', {}],
    ['the element itself', dark, 'light', { head: '<style>html{color-scheme:light} gw-chat{color-scheme:dark}</style>' }],
  ]
  for (const [name, want, prefers, over] of cases) {
    test(name, async ({ page, served }) => {
      await page.emulateMedia({ colorScheme: prefers })
      await hostPage(page, served, element, over)
      await launcher(page).click()
      expect(await surface(page)).toBe(want)
    })
  }

  test('changes live', async ({ page, served }) => {
    await page.emulateMedia({ colorScheme: 'light' })
    await hostPage(page, served, element, { head: '<style>body{transition:background .2s}.night{background:#101218}</style>' })
    await launcher(page).click()
    expect(await surface(page)).toBe(white)
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => surface(page)).toBe(dark)
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'))
    await expect.poll(() => surface(page)).toBe(white)
    await page.evaluate(() => document.documentElement.classList.add('dark'))
    await page.evaluate(() => document.documentElement.removeAttribute('data-theme'))
    await expect.poll(() => surface(page)).toBe(dark)
    await page.evaluate(() => (document.documentElement.style.colorScheme = 'light'))
    await expect.poll(() => surface(page)).toBe(white)
    await page.evaluate(() => {
      document.documentElement.className = ''
      document.documentElement.style.colorScheme = ''
      document.body.className = 'night'
    })
    await expect.poll(() => surface(page)).toBe(dark)
  })
})

test.describe('right to left', () => {
  for (const size of [{ width: 1280, height: 720 }, { width: 390, height: 844 }]) {
    test(`the widget is mirrored, ${size.width}`, async ({ page, gateway, served }) => {
      await page.setViewportSize(size)
      await page.emulateMedia({ reducedMotion: 'reduce' })
      rich(gateway)
      gateway.say('agent', { text: 'مرحبا! كيف يمكنني مساعدتك؟' }, 'ليلى')
      gateway.say('agent', { text: 'An English line (really).' }, 'ليلى')
      await hostPage(page, served, element.replace('<main>', '<main dir="rtl">'), { html: 'dir="rtl"', head: '<style>html{color-scheme:light dark}</style>' })
      expect((await launcher(page).boundingBox())?.x).toBeLessThan(40)
      await openChat(page)
      await expect(log(page)).toContainText('really')
      const mine = await log(page).locator('.mine .bubble').last().boundingBox()
      const theirs = await log(page).locator('.group:not(.mine) .bubble').last().boundingBox()
      expect(mine?.x).toBeLessThan(theirs?.x ?? 0)
      expect(await page.locator('gw-chat form svg').evaluate((el) => getComputedStyle(el).transform)).toBe('matrix(-1, 0, 0, 1, 0, 0)')
      for (const [side, corner] of [['.group:not(.mine)', 'borderBottomRightRadius'], ['.mine', 'borderBottomLeftRadius']] as const) {
        expect(await log(page).locator(`${side} .last .bubble`).last().evaluate((el, corner) => getComputedStyle(el)[corner], corner)).toBe('5px')
      }
      await say(page, 'شكرا')
      await expectAccessible(page)
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/rtl-${size.width}.png` })
    })
  }

  test('Arabic on a page from left to right is written from the right', async ({ page, gateway, served }) => {
    gateway.say('agent', { text: 'مرحبا!' }, 'Ana')
    await page.goto(`${served.url}/shop?open`)
    const bubble = log(page).locator('.bubble')
    await expect(bubble).toHaveText('مرحبا!')
    expect(await bubble.evaluate((el) => getComputedStyle(el).direction)).toBe('rtl')
  })
})

test.describe('the clock', () => {
  for (const [locale, lang, form] of [['en-US', 'en', /^1?\d:\d\d\s[AP]M$/], ['en-GB', 'en', /^\d\d:\d\d$/], ['en-US', 'de', /^\d\d:\d\d$/], ['ja-JP', 'ja', /^\d?\d:\d\d$/], ['en-US', 'en_US', /^1?\d:\d\d\s[AP]M$/]] as const) {
    test(`${locale} on a page in ${lang}`, async ({ browser, gateway, served }) => {
      const context = await browser.newContext({ locale })
      const page = await context.newPage()
      gateway.say('agent', { text: 'Hi' }, 'Ana')
      await hostPage(page, served, `<gw-chat channel="acme.web" open></gw-chat>`, { lang })
      await expect(page.locator('gw-chat time').first()).toHaveText(form)
      await context.close()
    })
  }
})

test.describe('hostile pages', () => {
  const pages: Record<string, { head?: string; first?: string; body?: string }> = {
    'rules for everything': { head: '<style>body *{all:unset;transform:translateX(50px);filter:grayscale(1);letter-spacing:9px;text-transform:uppercase;font-size:40px;line-height:3;text-align:right;color:red;visibility:hidden} body *,body *::before{display:inline!important;opacity:.3!important;pointer-events:none} </style>' },
    'a prototype.js of old': { first: `<script>
      Array.prototype.toJSON = function () { return '[from Prototype]' }; Object.prototype.toJSON = function () { return '{}' }; Object.defineProperty(Object.prototype, 'toJSON', { enumerable: false });
      Array.prototype.reduce = function () { return this.length > 1 ? this : this[0] }; Array.prototype.each = function () {}; Array.from = function (x) { return [x] }; Array.prototype.entries = Array.prototype.toArray = function () { return this.slice() };
      Function.prototype.bind = function (that) { var f = this, a = [].slice.call(arguments, 1); return function () { return f.apply(that, a.concat([].slice.call(arguments))) } }; window.$ = function (id) { return document.getElementById(id) }
    </script>` },
    'document.write': { body: `<main><h1>Host</h1></main><script>document.write('<gw-chat channel="acme.web"></gw-chat>')</script>` },
    'a global that is called name': { first: '<script>var open = 1, close = 2, name = "x", status = "y", parent = null; window.fetch_ = fetch</script>' },
  }
  for (const [name, { body, ...over }] of Object.entries(pages)) {
    test(name, async ({ page, gateway, served }) => {
      await hostPage(page, served, body ?? element, over)
      const box = await launcher(page).boundingBox()
      expect(box).toMatchObject({ width: 56, height: 56, x: 1280 - 20 - 56, y: 720 - 20 - 56 })
      await openChat(page)
      await say(page, 'Hello')
      await expect(log(page)).toContainText('Sent')
      gateway.say('bot', { text: 'Hi' }, 'Billing bot')
      await expect(log(page)).toContainText('Hi')
      await expect.poll(() => gateway.receipts.flatMap((r) => r.read)).toEqual(['m2'])
      const type = await composer(page).evaluate((el) => {
        const { fontSize, letterSpacing, textTransform, visibility } = getComputedStyle(el)
        return [fontSize, letterSpacing, textTransform, visibility]
      })
      expect(type).toEqual(['16px', 'normal', 'none', 'visible'])
      expect(await page.locator('gw-chat .face').first().textContent()).toBe('N')
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/host-${name.replaceAll(' ', '-')}.png` })
    })
  }

  test('navigation that takes the element out and puts it in again keeps what was being written', async ({ page, gateway, served }) => {
    await page.goto(`${served.url}/shop`)
    await openChat(page)
    await say(page, 'before')
    await expect(log(page)).toContainText('Sent')
    await composer(page).fill('half a sen')
    await page.evaluate(() => {
      const el = document.querySelector('gw-chat') as HTMLElement
      el.remove()
      Object.assign(window, { el })
    })
    await expect.poll(() => gateway.sockets).toBe(0)
    await page.evaluate(() => document.body.append((window as unknown as { el: HTMLElement }).el))
    await expect(composer(page)).toHaveValue('half a sen')
    await composer(page).press('Enter')
    await expect.poll(() => gateway.messages.map((m) => m.content.text)).toEqual(['before', 'half a sen'])
    await expect(log(page).getByText('before')).toHaveCount(1)
  })

  test('two elements', async ({ page, gateway, served }) => {
    await hostPage(page, served, `${element}<gw-chat channel="acme.web" id="second" open></gw-chat>`)
    await page.locator('#second').getByRole('textbox').fill('from the second')
    await page.locator('#second').getByRole('textbox').press('Enter')
    await expect(page.locator('#second').getByRole('log')).toContainText('Sent')
    await page.evaluate(() => (document.querySelector('gw-chat') as HTMLElement & { open(): void }).open())
    await expect(page.locator('gw-chat').first().getByRole('log')).toContainText('from the second')
    expect(gateway.starts).toHaveLength(1)
  })
})
