import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Gateway } from './gateway'

type Held = { path: RegExp; happened: () => void; over: Promise<void> }

/**
 * Proxy stands before several gateways: each request and socket goes to the next of them, and on to another one when
 * nobody takes the connection. What had been handed over when a gateway died is answered with 502.
 */
export class Proxy {
  base = ''
  nodes: Gateway[] = []
  /** Who gets everything, while there is one. */
  only?: Gateway
  private turn = 0
  private readonly sockets = new Set<{ node: Gateway; path: string }>()
  private held: Held[] = []
  private readonly server = createServer((req, res) => void this.pass(req, res))

  async start(): Promise<void> {
    this.server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => this.join(req, socket, head))
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    this.base = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  /** at are the paths of the sockets that a gateway holds. */
  at(node: Gateway): string[] {
    return [...this.sockets].filter((s) => s.node === node).map((s) => s.path).sort()
  }

  /** withhold keeps the answer to the next POST there: it is lost when `over` comes. The gateway has done what was asked when this ends. */
  withhold(path: RegExp, over: Promise<void>): Promise<void> {
    return new Promise((happened) => void this.held.push({ path, happened, over }))
  }

  private next(): Gateway[] {
    if (this.only) return [this.only]
    const first = this.turn++ % this.nodes.length
    return [...this.nodes.slice(first), ...this.nodes.slice(0, first)]
  }

  /** to begins the same request at a gateway. */
  private to(node: Gateway, req: IncomingMessage) {
    const { hostname, port } = new URL(node.base)
    return request({ hostname, port, path: req.url, method: req.method, headers: { ...req.headers, 'x-forwarded-for': req.socket.remoteAddress ?? '' }, agent: false })
  }

  private async pass(req: IncomingMessage, res: ServerResponse, nodes = this.next(), body?: Buffer): Promise<void> {
    const [node, ...others] = nodes
    const sent = body ?? Buffer.concat(await req.toArray())
    if (!node) return void res.writeHead(502).end()
    const asked = this.to(node, req)
    res.once('close', () => asked.destroy())
    asked.once('error', (e: NodeJS.ErrnoException) => {
      if (e.code === 'ECONNREFUSED') return void this.pass(req, res, others, sent)
      if (res.headersSent) res.destroy()
      else res.writeHead(502).end()
    })
    asked.once('response', (answer) => {
      const held = req.method === 'POST' ? this.held.find((h) => h.path.test(req.url ?? '')) : undefined
      if (held) {
        this.held = this.held.filter((h) => h !== held)
        held.happened()
        void held.over.then(() => res.destroy())
        return
      }
      answer.once('error', () => res.destroy())
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    asked.end(sent)
  }

  private join(req: IncomingMessage, socket: Duplex, head: Buffer, nodes = this.next()): void {
    const [node, ...others] = nodes
    socket.on('error', () => socket.destroy())
    if (!node) return void socket.destroy()
    const asked = this.to(node, req)
    asked.once('error', (e: NodeJS.ErrnoException) => (e.code === 'ECONNREFUSED' ? this.join(req, socket, head, others) : socket.destroy()))
    asked.once('response', () => socket.destroy()) // it refuses
    asked.once('upgrade', (answer, far: Duplex, first: Buffer) => {
      const joined = { node, path: req.url ?? '' }
      this.sockets.add(joined)
      const end = () => {
        this.sockets.delete(joined)
        far.destroy()
        socket.destroy()
      }
      for (const s of [far, socket]) s.once('close', end).on('error', end)
      const lines = Array.from({ length: answer.rawHeaders.length / 2 }, (_, i) => `${answer.rawHeaders[2 * i]}: ${answer.rawHeaders[2 * i + 1]}`)
      socket.write(['HTTP/1.1 101 Switching Protocols', ...lines, '', ''].join('\r\n'))
      socket.write(first)
      far.write(head)
      far.pipe(socket).pipe(far)
    })
    asked.end()
  }
}
