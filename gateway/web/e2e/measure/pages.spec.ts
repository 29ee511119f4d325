import { expect, test, type Browser } from '@playwright/test'
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import type { View } from '../../src/api'
import { Gateway } from '../product/gateway'
import { Crowd, each, pace, type Person } from './crowd'
import type { Order, Tally } from './host'
import { Listener } from './listener'

const numberOf = (name: string, usual: number) => Number(process.env[name] ?? usual)
const pages = numberOf('PAGES', 200)
const stores = Math.min(pages, numberOf('STORES', 10))
const hosts = numberOf('HOSTS', 1)
const drawing = numberOf('DRAWN', 1)
const seconds = numberOf('LASTS', 60)
const perSecond = numberOf('MESSAGES', 50)
const changes = numberOf('CHANGES', 10)
const visitors = numberOf('VISITORS', 150)
const views: View[] = ['queue', 'all', 'mine']

const gateway = new Gateway(['--brand', join(import.meta.dirname, 'brand'), '--trusted-proxies', '127.0.0.1/32'])
const scratch = mkdtempSync(join(tmpdir(), 'parley-measure-'))
const children: ChildProcess[] = []
test.afterAll(async () => {
  children.forEach((c) => c.kill())
  await gateway.stop()
  rmSync(scratch, { recursive: true, force: true })
})

/** cpu is the seconds of processor time that a process has used. */
function cpu(pid: number | undefined) {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const fields = rest.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function bundle(entry: string, format: 'iife' | 'es'): Promise<string> {
  const out = await build({
    configFile: false, logLevel: 'error', mode: 'production', define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, minify: false, ssr: format === 'es', lib: format === 'iife' ? { entry, formats: ['iife'], name: 'page' } : undefined, rolldownOptions: format === 'es' ? { input: entry } : {} },
  })
  const [one] = Array.isArray(out) ? out : [out]
  const [chunk] = one && 'output' in one ? one.output : []
  if (chunk?.type !== 'chunk') throw new Error(`${entry} gave no script`)
  return chunk.code
}

const told = (child: ChildProcess) => new Promise<unknown>((resolve, reject) => {
  child.once('message', resolve)
  child.once('exit', (code) => reject(new Error(`a host ended with ${code}`)))
})

async function host(order: Order) {
  const program = join(scratch, 'host.mjs')
  writeFileSync(program, await bundle(join(import.meta.dirname, 'host.ts'), 'es'))
  const child = fork(program, { execArgv: ['--experimental-websocket', '--no-warnings'] })
  children.push(child)
  child.send(order)
  expect(await told(child)).toBe('open')
  return child
}

/** tab is a page of the built site in Chromium, and how many requests it has made. */
async function tab(browser: Browser, who: Person, path: string) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const [name = '', ...value] = who.cookie.split('=')
  await context.addCookies([{ name, value: value.join('='), url: gateway.base }])
  const page = await context.newPage()
  const tally = { paths: {} as Record<string, number>, busy: () => Promise.resolve(0), before: 0 }
  page.on('request', (r) => {
    const at = new URL(r.url())
    const key = `${r.method()} ${at.pathname.replace(/[0-9a-f-]{36}/g, '…')} ${at.searchParams.get('view') ?? ''}`
    tally.paths[key] = (tally.paths[key] ?? 0) + 1
  })
  const inside = await context.newCDPSession(page)
  await inside.send('Performance.enable')
  const busy = async () => (await inside.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration')?.value ?? 0
  await page.goto(gateway.base + path)
  await expect(page.getByRole('log')).toBeVisible()
  return Object.assign(tally, { busy })
}

const sum = (all: number[]) => all.reduce((a, b) => a + b, 0)
const round = (n: number) => Math.round(n * 1_000) / 1_000

test(`${pages} pages while ${perSecond} messages a second come in`, async ({ browser }) => {
  await gateway.start()
  const crowd = new Crowd(gateway.base, process.env.PARLEY_BIN ?? '', gateway.data)
  const boss = await crowd.hire(0, ['--role', 'supervisor'])
  // A few take whatever comes; the others see it wait.
  const agents = await each(pages, 2, (i) => crowd.hire(i + 1, i < 40 ? ['--auto-accept', '--slots', '2'] : ['--slots', '2']))
  const online = (who: Person) => crowd.ask('PUT', '/api/v1/presence', { who, body: { presence: 'online' } })
  await each(Math.min(60, pages), 4, async (i) => agents[i] && online(agents[i]))
  const speak = await each(visitors, 4, (i) => crowd.visitor(i))
  const say = (i: number, n: number) => speak[i % visitors]?.(`visitor ${i % visitors} writes message ${n}`)
  await each(visitors, 4, async (i) => say(i, 0))
  await expect.poll(async () => (await crowd.open(boss)).filter((c) => c.owner !== 'bot').length, { timeout: 60_000 }).toBe(visitors)

  const script = await bundle(join(import.meta.dirname, 'page.ts'), 'iife')
  const drawn = agents.slice(0, drawing)
  const asked = drawn.map((a, i) => ({ cookie: a.cookie, view: views[i] ?? 'mine' }))
  const kept = agents.slice(drawn.length, stores).map((a, i) => ({ cookie: a.cookie, view: views[i % 3] ?? 'mine' }))
  const running = await Promise.all(Array.from({ length: hosts }, (_, h) => host({ base: gateway.base, script, pages: kept.filter((_p, i) => i % hosts === h) })))
  // The others hear everything, too, and ask for nothing: the gateway has as much to tell as to real pages.
  const { cursor } = (await (await crowd.ask('GET', '/api/v1/conversations?limit=1', { who: boss })).json()) as { cursor: string }
  const listeners = await Promise.all(agents.slice(stores).map((a) => Listener.open(gateway.base, a.cookie, { after: cursor, user: a.id })))
  // The drawn ones have a conversation of theirs open, whose consumer writes every second.
  const own = (await crowd.open(boss)) as unknown as { id: string; preview: string; agent?: { id: string } }[]
  const open = drawn.map((a) => own.find((c) => c.agent?.id === a.id))
  const eager = open.map((c) => Number(/visitor (\d+)/.exec(c?.preview ?? '')?.[1] ?? 0))
  const tabs = await Promise.all(asked.map((p, i) => tab(browser, drawn[i] ?? boss, `/inbox/${p.view}/${open[i]?.id}`)))

  running.forEach((c) => c.send('begin'))
  for (const t of tabs) Object.assign(t, { paths: {}, before: await t.busy() })
  const [before, began] = [cpu(gateway.pid), performance.now()]
  let rows = await crowd.open(boss)
  const [said, moved] = await Promise.all([
    pace(perSecond, seconds, async (n) => say(n % perSecond < 3 ? (eager[n % perSecond] ?? n) : n, n), crowd.failed),
    // Half goes back to the queue and so to somebody else, half is taken.
    pace(changes, seconds, async (n) => {
      if (n % (changes * 2) === 0) rows = await crowd.open(boss)
      const busy = rows.filter((c) => !drawn.some((a) => a.id === c.agent?.id))
      const c = busy[(n * 7) % busy.length]
      const hers = agents.find((a) => a.id === c?.agent?.id)
      if (c) await crowd.ask('POST', `/api/v1/conversations/${c.id}/${hers ? 'requeue' : 'take'}`, { who: hers ?? boss, body: { rev: c.rev } })
    }, crowd.failed),
  ])
  const lasted = (performance.now() - began) / 1_000
  const busy = await Promise.all(tabs.map(async (t) => ((await t.busy()) - t.before) / lasted))
  const used = cpu(gateway.pid) - before
  const tallies = (await Promise.all(running.map((c) => {
    const answer = told(c)
    c.send('report')
    return answer as Promise<Tally[]>
  }))).flat()
  const drawnRates = tabs.map(({ paths }) => sum(Object.values(paths)) / lasted)
  const byView = views.map((view) => {
    const these = tallies.filter((t) => t.view === view)
    const rates = these.map((t) => t.requests / lasted)
    const paths: Record<string, number> = {}
    these.forEach((t) => Object.entries(t.paths).forEach(([k, n]) => (paths[k] = round((paths[k] ?? 0) + n / lasted / these.length))))
    return { view, pages: these.length, mean: round(sum(rates) / rates.length), most: round(Math.max(...rates)), reconnects: sum(these.map((t) => t.sockets)), events: round(sum(these.map((t) => t.events)) / these.length), lagMs: Math.round(sum(these.map((t) => t.lagMs)) / these.length), worstLagMs: Math.max(...these.map((t) => t.worstLagMs)), paths }
  })
  const found = {
    pages, stores: kept.length, chromium: tabs.length, listeners: listeners.length, cutOff: listeners.filter((l) => l.ended).map((l) => l.ended).slice(0, 3), framesEach: round(sum(listeners.map((l) => l.frames)) / listeners.length), cores: availableParallelism(), lasted: round(lasted), messages: said, changes: moved, failed: crowd.failed.length, why: [...new Set(crowd.failed)].slice(0, 3),
    gatewayCores: round(used / lasted), byView, drawn: tabs.map(({ paths }, i) => ({ view: views[i], rate: round(drawnRates[i] ?? 0), mainThread: round(busy[i] ?? 0), paths })),
  }
  process.stdout.write(`${JSON.stringify(found, null, 1)}\n`)
  expect(listeners.filter((l) => l.ended), 'listeners that were cut off').toHaveLength(0)
  listeners.forEach((l) => l.close())
  expect(Math.max(...byView.map((v) => v.most), ...drawnRates), 'requests a second of the busiest page').toBeLessThan(1)
  expect(Math.max(...byView.map((v) => v.lagMs)), 'how late the pages were, in milliseconds: this machine cannot hold so many').toBeLessThan(5_000)
  expect(said, 'messages that were taken').toBeGreaterThan(perSecond * seconds * 0.9)
})
