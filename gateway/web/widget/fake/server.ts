import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Gateway } from './gateway'

// serve puts a Gateway, the built widget and pages that host it on 127.0.0.1, under the strictest policy that a host may have.

export interface Served {
  url: string
  close(): Promise<void>
}

const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'"

export async function serve(gateway: Gateway, widget: string): Promise<Served> {
  const code = await readFile(widget)
  const open = new Set<Duplex>()
  const server = createServer((req, res) => void answer(req).then(
    ({ status, type, body }) => res.writeHead(status, { 'Content-Type': type, 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' }).end(body),
    () => res.destroy(),
  ))

  async function answer(req: IncomingMessage): Promise<{ status: number; type: string; body?: string | Buffer }> {
    const url = new URL(req.url ?? '/', 'http://host')
    const html = (body: string) => ({ status: 200, type: 'text/html; charset=utf-8', body })
    switch (url.pathname) {
      case '/widget.js':
        return { status: 200, type: 'text/javascript', body: code }
      case '/host.css':
        return { status: 200, type: 'text/css', body: `body{font:16px/1.5 Inter,sans-serif;margin:0;padding:32px 40px;background:light-dark(#f5f7fb,#0d0f13);color:light-dark(#111,#eee)}html{color-scheme:light dark}` }
      case '/shop':
        return html(host(`<main><h1>Northwind Shop</h1><p>Any page. <a href="#top">A link</a></p></main><gw-chat channel="acme.web"${url.searchParams.has('open') ? ' open' : ''} lang="${url.searchParams.get('lang') === 'de' ? 'de' : 'en'}"></gw-chat>`))
      case '/full':
        return html(host('<gw-chat channel="acme.web" page></gw-chat>'))
      case '/favicon.ico':
        return { status: 204, type: 'image/x-icon' }
    }
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const a = await gateway.handle(req.method ?? 'GET', req.url ?? '/', req.headers.authorization?.slice(7), text ? (JSON.parse(text) as Record<string, unknown>) : {})
    if (a.status === 0) throw new Error('the answer gets lost')
    return { status: a.status, type: 'application/json', body: a.body === undefined ? undefined : JSON.stringify(a.body) }
  }

  server.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  server.on('upgrade', (req, socket: Duplex) => {
    if (gateway.refuseSockets) return socket.destroy()
    const accept = createHash('sha1').update(`${req.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
    follow(gateway, socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

const host = (body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Northwind</title><link rel="stylesheet" href="/host.css"><script type="module" src="/widget.js"></script></head><body>${body}</body></html>`

// follow speaks the little of RFC 6455 that a browser needs: unfragmented text frames, and close.
function follow(gateway: Gateway, socket: Duplex): void {
  const write = (op: number, data: Buffer): void => {
    const head = data.length < 126 ? Buffer.from([0x80 | op, data.length]) : Buffer.from([0x80 | op, 126, data.length >> 8, data.length & 255])
    if (socket.writable) socket.write(Buffer.concat([head, data]))
  }
  const peer = {
    send: (frame: object) => write(1, Buffer.from(JSON.stringify(frame))),
    close: (code: number) => {
      gateway.leave(peer)
      if (code === 1006) return void socket.destroy()
      write(8, Buffer.from([code >> 8, code & 255]))
      socket.end()
    },
  }
  let rest = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      if (rest.length < 6) return
      const long = ((rest[1] ?? 0) & 127) === 126
      const size = long ? rest.readUInt16BE(2) : (rest[1] ?? 0) & 127
      const at = long ? 4 : 2
      if (rest.length < at + 4 + size) return
      const mask = rest.subarray(at, at + 4)
      const data = Buffer.from(rest.subarray(at + 4, at + 4 + size).map((b, i) => b ^ (mask[i & 3] ?? 0)))
      const op = (rest[0] ?? 0) & 15
      rest = rest.subarray(at + 4 + size)
      if (op === 8) peer.close(1000)
      else if (op === 1) gateway.hear(peer, data.toString())
    }
  })
  socket.on('close', () => gateway.leave(peer))
  socket.on('error', () => gateway.leave(peer))
  gateway.join(peer)
}
