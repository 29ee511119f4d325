import type { Frame, Message, Page, Said, Session } from './wire'

// Refused is an answer that says no; anything else that goes wrong (no network, a time-out) is a plain error and worth another try.
export class Refused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }

  // final: asking the same again cannot help.
  get final(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 401 && this.status !== 408 && this.status !== 429
  }
}

const timeout = 15_000

// Api is the gateway's HTTP side of one channel. The token travels only in the Authorization header.
export class Api {
  private readonly root: string
  private readonly fetch: typeof fetch

  constructor(base: string, channel: string, fetcher: typeof fetch) {
    this.root = `${base}/chat/${encodeURIComponent(channel)}`
    this.fetch = fetcher
  }

  get live(): string {
    return `${this.root.replace(/^http/, 'ws')}/live`
  }

  session(token?: string, language?: string): Promise<Session> {
    return this.call('POST', '/session', undefined, { token, language })
  }

  messages(token: string, before?: string): Promise<Page> {
    return this.call('GET', `/messages?limit=30${before ? `&before=${encodeURIComponent(before)}` : ''}`, token)
  }

  send(token: string, clientId: string, said: Said): Promise<{ message: Message }> {
    return this.call('POST', '/messages', token, { client_id: clientId, ...said })
  }

  async typing(token: string, on: boolean): Promise<void> {
    await this.call('POST', '/typing', token, { on })
  }

  async receipts(token: string, delivered: string[], read: string[]): Promise<void> {
    await this.call('POST', '/receipts', token, { delivered, read })
  }

  // events waits up to `wait` seconds for frames after the cursor.
  events(token: string, after: string, wait: number, signal: AbortSignal): Promise<{ frames: Frame[]; cursor: string }> {
    return this.call('GET', `/events?after=${encodeURIComponent(after)}&wait=${wait}`, token, undefined, signal, wait * 1000 + timeout)
  }

  private async call<T>(method: string, path: string, token?: string, body?: unknown, signal?: AbortSignal, limit = timeout): Promise<T> {
    const ends = AbortSignal.timeout(limit)
    const answer = await this.fetch(this.root + path, {
      method,
      credentials: 'omit',
      referrerPolicy: 'strict-origin',
      headers: { ...(token && { Authorization: `Bearer ${token}` }), ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, ends]) : ends,
    })
    if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T
    const problem = (await answer.json().catch(() => undefined)) as { message?: unknown } | undefined
    throw new Refused(answer.status, typeof problem?.message === 'string' ? problem.message : '')
  }
}
