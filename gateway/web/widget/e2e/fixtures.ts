import { fileURLToPath } from 'node:url'
import AxeBuilder from '@axe-core/playwright'
import { expect, test as base, type Locator, type Page } from '@playwright/test'
import { Gateway } from '../fake/gateway'
import { serve, type Served } from '../fake/server'

const widget = process.env.WIDGET ?? fileURLToPath(new URL('../../dist/widget.js', import.meta.url))

// Every test has a gateway of its own, and fails when the host page's policy was broken or an error was thrown.
export const test = base.extend<{ gateway: Gateway; served: Served; strict: boolean; clean: undefined }>({
  strict: [true, { option: true }], // false where a page's policy is meant to be broken
  gateway: async ({}, provide) => provide(new Gateway(Date.now())),
  served: async ({ gateway }, provide) => {
    const served = await serve(gateway, widget)
    await provide(served)
    await served.close()
  },
  clean: [
    async ({ page, strict }, provide) => {
      const faults: string[] = []
      page.on('pageerror', (e) => faults.push(e.message))
      page.on('console', (m) => {
        if (strict && /Content Security Policy/i.test(m.text())) faults.push(m.text())
      })
      await provide(undefined)
      expect(faults).toEqual([])
    },
    { auto: true },
  ],
})

export const log = (page: Page): Locator => page.getByRole('log')
export const launcher = (page: Page): Locator => page.locator('gw-chat .launcher')
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Write a message…' })

export async function openChat(page: Page): Promise<void> {
  await launcher(page).click()
  await expect(composer(page)).toBeFocused()
}

export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}

export async function expectAccessible(page: Page): Promise<void> {
  // Half-faded colours are not what anybody reads. Endless animations (typing) do not finish and are left alone.
  await page.evaluate(async () => {
    const shown = document.querySelector('gw-chat')?.shadowRoot?.getAnimations() ?? []
    await Promise.all(shown.filter((a) => a.effect?.getComputedTiming().iterations === 1).map((a) => a.finished))
  })
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.failureSummary ?? ''}`).join('; ')}`)).toEqual([])
}

// billing plays the bot of the picture: a question with quick replies, then an answer.
export function billing(gateway: Gateway): void {
  gateway.onMessage = (m) => {
    gateway.setStatus({ open: true, owner: 'bot' })
    if (m.content.picked) {
      gateway.say('bot', { text: 'Thank you, I have found it.' }, 'Billing bot')
      gateway.setState(m.id, 'read')
      return
    }
    gateway.say('bot', { text: 'I can help with that. Which order is it about?', choices: [{ id: 'o', label: 'Order 48213' }, { id: 'p', label: 'Talk to a person' }] }, 'Billing bot')
    gateway.setState(m.id, 'read')
  }
}

// rich fills the transcript with one of everything.
export function rich(gateway: Gateway): void {
  gateway.history(4, Date.now() - 26 * 3_600_000)
  gateway.say('consumer', { text: 'Where is my refund?' })
  gateway.say('bot', { text: 'It was sent on Monday. See https://northwind.example/refunds or write to help@northwind.example.' }, 'Billing bot')
  gateway.say('bot', { cards: [{ title: 'City bike 3', subtitle: '7 gears, 14 kg', links: [{ label: 'See the bike', url: 'https://northwind.example/3' }] }, { title: 'Trail bike 9', subtitle: 'Carbon, 11 kg', links: [{ label: 'See the bike', url: 'https://northwind.example/9' }] }] }, 'Billing bot')
  gateway.say('bot', { media: [{ kind: 'file', url: 'https://northwind.example/invoice.pdf', name: 'invoice.pdf' }], location: { lat: 48.137, lon: 11.575, name: 'Our shop' } }, 'Billing bot')
  gateway.say('system', { text: 'Ana joined the conversation.', event: 'assigned' })
  gateway.say('agent', { text: 'Hi, Ana here. Shall I send the invoice again?', choices: [{ id: 'y', label: 'Yes, please' }, { id: 'n', label: 'No, thank you' }] }, 'Ana')
  gateway.setStatus({ open: true, owner: 'agent', agent_name: 'Ana' })
}

// hostPage is a page of a site of its own making around the widget; without a policy everything is allowed.
export async function hostPage(page: Page, served: Served, body: string, over: { head?: string; html?: string; policy?: string; first?: string; lang?: string } = {}): Promise<void> {
  await page.route('**/host', (route) => route.fulfill({
    contentType: 'text/html; charset=utf-8',
    headers: over.policy ? { 'Content-Security-Policy': over.policy } : {},
    body: `<!doctype html><html lang="${over.lang ?? 'en'}" ${over.html ?? ''}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Host</title>${over.head ?? ''}${over.first ?? ''}<script type="module" src="/widget.js"></script></head><body>${body}</body></html>`,
  }))
  await page.goto(`${served.url}/host`)
}

export const element = '<main><h1>Host</h1></main><gw-chat channel="acme.web"></gw-chat>'

// painted counts the pixels of a shot of the element that have each of the colours.
export async function painted(page: Page, target: Locator, colors: string[]): Promise<{ all: number; each: number[] }> {
  const shot = (await target.screenshot({ animations: 'disabled' })).toString('base64')
  const blank = await page.context().newPage()
  const counted = await blank.evaluate(async ({ shot, colors }) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${shot}`)).blob())
    const canvas = new OffscreenCanvas(image.width, image.height)
    const paint = canvas.getContext('2d', { willReadFrequently: true })
    if (!paint) throw new Error('no canvas')
    const wanted = colors.map((color) => {
      paint.fillStyle = color
      paint.fillRect(0, 0, 1, 1)
      return [...paint.getImageData(0, 0, 1, 1).data]
    })
    paint.drawImage(image, 0, 0)
    const { data } = paint.getImageData(0, 0, image.width, image.height)
    const each = wanted.map(() => 0)
    for (let i = 0; i < data.length; i += 4) {
      wanted.forEach((w, n) => {
        if ([0, 1, 2].every((c) => Math.abs((data[i + c] ?? 0) - (w[c] ?? 0)) < 24)) each[n] = (each[n] ?? 0) + 1
      })
    }
    return { all: data.length / 4, each }
  }, { shot, colors })
  await blank.close()
  return counted
}
