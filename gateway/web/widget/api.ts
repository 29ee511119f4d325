import { json } from './keep'

// Refused is an answer that says no; anything else that goes wrong (no network, a time-out) is a plain error and worth another try.
export class Refused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }

  // final: asking the same again cannot help.
  get final(): boolean {
    return this.status < 500 && ![401, 408, 429].includes(this.status)
  }
}

// Call asks the gateway: a POST when there is a body, else a GET. Errors: Refused, and whatever fetch throws.
export type Call = <T>(path: string, token?: string, body?: object, signal?: AbortSignal) => Promise<T>

const limit = 45_000 // ms, above the longest poll

// caller is the gateway's HTTP side. The token travels only in the Authorization header.
export function caller(root: string, fetcher: typeof fetch): Call {
  return async <T>(path: string, token?: string, body?: object, signal?: AbortSignal) => {
    const ends = AbortSignal.timeout(limit)
    const answer = await fetcher(root + path, {
      method: body ? 'POST' : 'GET',
      credentials: 'omit',
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      body: json(body), // undefined stays undefined
      signal: signal ? AbortSignal.any([signal, ends]) : ends,
    })
    const read = (await answer.json().catch(() => ({}))) as T & { message?: string }
    if (!answer.ok) throw new Refused(answer.status, read.message ?? '')
    return read
  }
}
