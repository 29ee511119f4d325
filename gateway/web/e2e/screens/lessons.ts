import type { Route } from '@playwright/test'
import type { Message, Tone } from '../../src/api'
import type { FAQEntry, Lesson, Utterance, UtteranceGroup } from '../../src/features/learning/api'
import { ago } from './people'

let n = 0
const text = (said: string, over: Partial<Utterance> = {}): Utterance => ({ id: ++n, conversation: 'c-old', text: said, source: 'intent', state: 'open', guesses: [], at: ago(60 * 5), ...over })

const groups: UtteranceGroup[] = [
  { suggestion: { kind: 'intent', name: 'order_status', score: 0.78 }, utterances: [
    text('wheres my stuff', { guesses: [{ intent: 'order_status', probability: 0.41 }, { intent: 'return_goods', probability: 0.2 }] }),
    text('where is my stuff??', { count: 12 }), text('my stuff isnt here, where is it'), text('any news on my stuff', { source: 'agent', intent: 'order_status', by: 'agent:u-jonas' }),
  ] },
  { suggestion: { kind: 'faq', name: 'How long does a refund take?', score: 0.52 }, utterances: [
    text('how many days until i get my money back', { source: 'answer', question: 'What is the return period?' }), text('when will the money be back on my card', { source: 'faq' }),
  ] },
  { suggestion: { kind: 'new', score: 0 }, utterances: [text('do you sell gift cards', { source: 'faq' })] },
]

const faq: FAQEntry[] = [
  { question: 'What is the return period?', wordings: 4, helped: 3, unhelped: 9, at: ago(90), active: true },
  { question: 'Do you ship to Switzerland?', wordings: 1, helped: 1, unhelped: 1, at: ago(60 * 24 * 3), active: false },
  { question: 'How long does a refund take?', wordings: 6, helped: 41, unhelped: 5, at: ago(12), active: true },
  { question: 'Can I park at the shop?', wordings: 0, helped: 0, unhelped: 0, active: true },
]

const accepted: Lesson = {
  accepted: true, version: 'b3f0c2a9d41e77', reasons: [], added: [],
  intents_before: { right: 188, of: 204 }, intents_after: { right: 191, of: 204 }, faq_before: { right: 0, of: 0 }, faq_after: { right: 0, of: 0 },
  moved: [{ intent: 'order_status', before: { right: 19, of: 22 }, after: { right: 22, of: 22 } }], broken: [], tests: { right: 12, of: 12 }, unplayed: 0, changed: [{ text: 'my stuff isnt here, where is it', was: '', is: 'order_status' }],
}

/** Lessons plays the learning loop: what a message means and how it sounds, groups of texts, answers. */
export class Lessons {
  intents = ['delivery_address', 'opening_hours', 'order_status', 'return_goods']
  groups = structuredClone(groups)
  total?: number
  faq = structuredClone(faq)
  lesson = structuredClone(accepted)

  ofMessage(route: Route, m: Message | undefined, said: string, body: Record<string, unknown>, me: string) {
    if (!m) return route.fulfill({ status: 404, json: { code: 'not_found', message: 'There is no such message.', request_id: 'r' } })
    if (said === 'intent') return route.fulfill({ json: text(m.content.text ?? '', { source: 'agent', message: m.id, ...(body['intent'] ? { intent: body['intent'] as string } : {}) }) })
    const tone = body['tone'] as Tone
    m.heard = { score: tone === 'negative' ? -1 : tone === 'positive' ? 1 : 0, tone, language: m.heard?.language, by: `agent:${me}` }
    return route.fulfill({ json: m })
  }

  answer(route: Route, kind: string, verb: string | undefined, q: URLSearchParams, body: Record<string, unknown>) {
    if (kind === 'intents') return route.fulfill({ json: { intents: this.intents } })
    if (kind === 'faq') return route.fulfill({ json: { entries: this.faq } })
    const ids = (body['ids'] ?? []) as number[]
    if (verb === 'accept') {
      if (this.lesson.accepted) this.settle(ids, 'accepted')
      const added = this.groups.flatMap((g) => g.utterances).filter((u) => ids.includes(u.id)).map((u) => u.text)
      return route.fulfill({ json: { ...this.lesson, added } })
    }
    if (verb === 'dismiss') {
      this.settle(ids, 'dismissed')
      return route.fulfill({ status: 204 })
    }
    const state = q.get('state') ?? 'open'
    const found = this.groups.map((g) => ({ ...g, utterances: g.utterances.filter((u) => u.state === state) })).filter((g) => g.utterances.length > 0)
    return route.fulfill({ json: { groups: found.slice(0, Number(q.get('limit') ?? 50)), total: this.total ?? found.length } })
  }

  private settle(ids: number[], state: Utterance['state']) {
    for (const u of this.groups.flatMap((g) => g.utterances)) if (ids.includes(u.id)) u.state = state
  }
}
