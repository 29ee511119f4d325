import vm from 'node:vm'
import type { View } from '../../src/api'
import type { Report } from './page'

/** What a host is told to do, and what it answers. */
export type Order = { base: string; script: string; pages: { cookie: string; view: View }[] }
export type Tally = Report & { view: View; requests: number; sockets: number; paths: Record<string, number> }

type Seen = { view: View; requests: number; sockets: number; paths: Record<string, number>; report?: () => Report }

/** A host holds many pages in one process, each with the globals of a browser tab of its own. */
const seen: Seen[] = []

function world(base: string, cookie: string, tab: Seen): vm.Context {
  const at = new URL(base)
  const tally = (path: string) => {
    tab.requests++
    const kind = path.replace(/[0-9a-f-]{36}/g, '…').replace(/\?.*view=(\w+).*/, ' $1').replace(/\?.*/, '')
    tab.paths[kind] = (tab.paths[kind] ?? 0) + 1
  }
  class TabRequest extends Request {
    constructor(input: string | URL | Request, init?: RequestInit) {
      super(typeof input === 'string' ? new URL(input, base) : input, init)
      this.headers.set('Cookie', cookie)
    }
  }
  class TabSocket extends WebSocket {
    constructor(url: string) {
      tab.sockets++
      super(url, { headers: { Cookie: cookie } } as unknown as string[])
    }
  }
  const target = new EventTarget()
  return vm.createContext({
    Request: TabRequest, WebSocket: TabSocket, location: at, Response, Headers, URL, URLSearchParams, AbortController, AbortSignal, performance,
    structuredClone, queueMicrotask, setTimeout, clearTimeout, setInterval, clearInterval, TextEncoder, TextDecoder, crypto, console, process: { env: {} },
    fetch: (input: Request) => {
      const { pathname, search } = new URL(input.url)
      tally(`${input.method} ${pathname}${search}`)
      return fetch(input)
    },
    window: target, addEventListener: target.addEventListener.bind(target),
    document: Object.assign(new EventTarget(), { visibilityState: 'visible', title: '' }), navigator: { onLine: true },
  })
}

async function open({ base, script, pages }: Order) {
  const code = new vm.Script(script)
  for (const { cookie, view } of pages) {
    const tab: Seen = { view, requests: 0, sockets: 0, paths: {} }
    const context = world(base, cookie, tab)
    code.runInContext(context)
    tab.report = await (context.open as (v: View) => Promise<() => Report>)(view)
    seen.push(tab)
  }
}

process.on('message', (order: Order | 'begin' | 'report') => {
  if (order === 'begin') seen.forEach((t) => Object.assign(t, { requests: 0, sockets: 0, paths: {} }))
  else if (order === 'report') process.send?.(seen.map(({ report, ...t }): Tally => ({ ...t, ...(report?.() ?? { events: 0, lagMs: 0, worstLagMs: 0, rows: 0, lines: 0 }) })))
  else open(order).then(() => process.send?.('open'), (err: unknown) => process.send?.(String(err instanceof Error ? err.stack : err)))
})
process.on('disconnect', () => process.exit(0))
