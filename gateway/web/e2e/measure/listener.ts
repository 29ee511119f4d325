import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** Listener is a live socket that hears everything and looks at nothing: it costs the gateway what a page's does, and us next to nothing. */
export class Listener {
  frames = 0
  /** How the other side ended it. */
  ended?: string
  private held: Buffer = Buffer.alloc(0)
  private readonly socket: Socket

  private constructor(base: string, cookie: string) {
    const { hostname, port, host } = new URL(base)
    this.socket = connect(Number(port), hostname)
    this.socket.write(
      `GET /api/v1/live HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nCookie: ${cookie}\r\n\r\n`)
  }

  /** open follows from a cursor; it resolves with the first frame. */
  static open(base: string, cookie: string, hello: { after: string; user: string }): Promise<Listener> {
    const l = new Listener(base, cookie)
    return new Promise((resolve, reject) => {
      let welcomed = false
      l.socket.on('data', (chunk: Buffer) => {
        l.held = l.held.length > 0 ? Buffer.concat([l.held, chunk]) : chunk
        if (!welcomed) {
          const end = l.held.indexOf('\r\n\r\n')
          if (end < 0) return
          if (!l.held.toString('latin1', 0, 12).endsWith(' 101')) return reject(new Error(l.held.toString()))
          welcomed = true
          l.held = l.held.subarray(end + 4)
          l.send(1, Buffer.from(JSON.stringify({ type: 'hello', ...hello })))
        }
        l.skip()
        if (l.frames > 0) resolve(l)
      })
      l.socket.on('error', (err) => (l.ended ??= err.message))
      l.socket.on('close', () => reject(new Error((l.ended ??= 'cut'))))
    })
  }

  close() {
    this.socket.destroy()
  }

  /** skip passes over the frames that are here whole, and answers pings. */
  private skip() {
    for (;;) {
      const [first, second] = this.held
      if (first === undefined || second === undefined) return
      const long = second === 126 ? 2 : second === 127 ? 8 : 0
      if (this.held.length < 2 + long) return
      const length = long === 2 ? this.held.readUInt16BE(2) : long === 8 ? Number(this.held.readBigUInt64BE(2)) : second
      const body = this.held.subarray(2 + long, 2 + long + length)
      if (body.length < length) return
      if ((first & 15) === 9) this.send(10, body)
      else if ((first & 15) === 8) this.ended ??= body.length > 1 ? `${body.readUInt16BE(0)} ${body.toString('utf8', 2)}` : 'closed'
      else this.frames++
      this.held = this.held.subarray(2 + long + length)
    }
  }

  /** send writes a short frame; a mask of zeros leaves its bytes as they are. */
  private send(opcode: number, body: Buffer) {
    const head = body.length < 126 ? [128 + body.length] : [254, body.length >> 8, body.length & 255]
    this.socket.write(Buffer.concat([Buffer.from([128 + opcode, ...head, 0, 0, 0, 0]), body]))
  }
}
