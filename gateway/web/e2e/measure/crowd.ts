import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'

const run = promisify(execFile)
export type Person = { name: string; cookie: string; id: string; password: string; email: string }
type Row = { id: string; rev: number; owner: string; agent?: { id: string } }

/** each calls f for every number below n, `lanes` at once. */
export async function each<T>(n: number, lanes: number, f: (i: number) => Promise<T>): Promise<T[]> {
  const all: T[] = []
  let next = 0
  await Promise.all(Array.from({ length: lanes }, async () => {
    for (let i = next++; i < n; i = next++) all[i] = await f(i)
  }))
  return all
}

/** Crowd is who uses the gateway: agents, and visitors that write. Each comes from an address of its own, as the proxy that we are says. */
export class Crowd {
  failed: string[] = []

  constructor(readonly base: string, private readonly bin: string, private readonly data: string) {}

  async hire(i: number, flags: string[]): Promise<Person> {
    const email = `agent${i}@crowd.example`
    const { stdout } = await run(this.bin, ['user', 'add', email, '--data', this.data, '--name', `Agent ${i}`, '--skills', 'care', ...flags], { env: { PATH: process.env.PATH } })
    const password = /password (\S+)/.exec(stdout)?.[1] ?? ''
    const answer = await this.ask('POST', '/api/v1/session', { from: i, body: { email, password } })
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const { user } = (await answer.json()) as { user: { id: string; name: string } }
    return { name: user.name, id: user.id, cookie, password, email }
  }

  async visitor(i: number) {
    const answer = await this.ask('POST', '/chat/crowd.web/session', { from: 1_000 + i, body: {} })
    const { token } = (await answer.json()) as { token: string }
    return (text: string) => this.ask('POST', '/chat/crowd.web/messages', { from: 1_000 + i, token, body: { client_id: randomUUID(), text } })
  }

  async open(who: Person): Promise<Row[]> {
    const answer = await this.ask('GET', '/api/v1/conversations?view=all&state=open&limit=200', { who })
    return ((await answer.json()) as { conversations: Row[] }).conversations
  }

  async ask(method: string, path: string, { who, from = 0, token, body }: { who?: Person; from?: number; token?: string; body?: unknown }) {
    const answer = await fetch(this.base + path, {
      method, body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        'Content-Type': 'application/json', 'X-Forwarded-For': `10.${(from >> 8) & 255}.${from & 255}.1`,
        ...(who ? { Cookie: who.cookie } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
    })
    if (!answer.ok && answer.status !== 409) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
}

/** pace calls f `perSecond` times a second for so many seconds, whether or not the ones before are done, and tells how many came through. */
export async function pace(perSecond: number, seconds: number, f: (n: number) => Promise<unknown>, failed: string[]): Promise<number> {
  const began = performance.now()
  const under = new Set<Promise<unknown>>()
  let [n, done] = [0, 0]
  while (performance.now() - began < seconds * 1_000) {
    for (const due = ((performance.now() - began) / 1_000) * perSecond; n < due; n++) {
      const one: Promise<unknown> = f(n).then(() => done++, (err: unknown) => failed.push(String(err))).finally(() => under.delete(one))
      under.add(one)
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await Promise.all(under)
  return done
}
