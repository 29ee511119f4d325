import type { Agent, Conversation, Detail, Message, Skill } from '../../src/api'

const minute = 60_000
const now = Date.now()
export const ago = (minutes: number) => now - minutes * minute

export const ana: Agent = { id: 'u-ana', name: 'Ana Lima', email: 'ana@acme.example', role: 'agent', presence: 'online', presence_since: ago(90), seen: true, skills: ['billing', 'delivery'], load: 3, slots: 5 }
export const agents: Agent[] = [
  ana,
  { id: 'u-jonas', name: 'Jonas Weber', role: 'agent', presence: 'back_soon', presence_since: ago(14), seen: true, skills: ['billing'], load: 2, slots: 4 },
  { id: 'u-marek', name: 'Marek Zielinski', role: 'supervisor', presence: 'online', seen: true, skills: ['delivery', 'workshop'], load: 1, slots: 5 },
  { id: 'u-lea', name: 'Lea Fontaine', role: 'agent', presence: 'offline', presence_since: ago(60 * 15), seen: false, skills: ['workshop'], load: 0, slots: 3 },
]
export const skills: Skill[] = [
  { id: 'billing', name: 'Billing', open: true, waiting: 2, oldest: ago(4), online: 2, outcomes: ['Solved', 'Refunded', 'Passed on', 'No answer'] },
  { id: 'delivery', name: 'Delivery', open: true, waiting: 1, oldest: ago(7), online: 2, outcomes: ['Solved', 'Re-sent'] },
  { id: 'workshop', name: 'Workshop', open: false, opens_at: now + 40 * 60 * minute, waiting: 0, online: 0, outcomes: [] },
]

const row = (id: string, name: string, over: Partial<Conversation>): Conversation => ({
  id, state: 'open', owner: 'agent', agent: { id: ana.id, name: ana.name }, skill: 'billing', priority: 0, rev: 3, channel: 'web', kind: 'webchat',
  consumer: { id: `p-${id}`, name }, preview: '', preview_author: 'consumer', last_at: ago(1), created_at: ago(30), tags: [], ...over,
})

export const conversations: Conversation[] = [
  row('c-maya', 'Maya Okafor', { preview: 'Thank you 🙏', waiting_since: ago(1.2), last_at: ago(1), tags: ['refund', 'vip'], mood: { score: -0.42, tone: 'negative' } }),
  row('c-jonas', 'Jonas Brandt', { kind: 'twilio', preview: 'Can I change the delivery address?', waiting_since: ago(3.4), last_at: ago(2), mood: { score: 0.05, tone: 'neutral' } }),
  row('c-priya', 'Priya Nair', { kind: 'twilio', preview: 'The card was declined twice', waiting_since: ago(8), last_at: ago(3), mood: { score: -0.6, tone: 'negative' } }),
  row('c-tomas', 'Tomás Rivas', { preview: 'A new one is on its way to you, it should arrive on Friday.', preview_author: 'agent', last_at: ago(14), skill: 'delivery', mood: { score: 0.71, tone: 'positive' }, reason: 'asked for a person', about: '“the parcel never came, it says delivered since Tuesday”\nIntent: parcel lost' }),
  row('c-offer', 'Zofia Nowak', { owner: 'queue', agent: undefined, preview: 'no', reason: 'asked for a person', about: '“My chain fell off on the first ride, who pays for the repair?”\nIntent: warranty\nWhich bike do you have? → Gravel 3', waiting_since: ago(1), queued_at: ago(1), last_at: ago(0.6), offer: { agent: { id: ana.id, name: ana.name }, expires_at: now + 42_000 } }),
  row('c-lea', 'Lea Dubois', { owner: 'queue', agent: undefined, kind: 'twilio', skill: 'delivery', preview: 'no', reason: 'asked for a person', about: '“Where is my order 50122?”', waiting_since: ago(7), queued_at: ago(7), last_at: ago(7) }),
  row('c-amber', 'Amber Otter 47', { consumer: { id: 'p-amber', name: 'Amber Otter 47', colour: 2 }, owner: 'queue', agent: undefined, skill: 'billing', preview: 'a human please', reason: 'Jonas Weber lost the connection', about: 'Said hello and asked for a person; what it is about is still open.', waiting_since: ago(12), queued_at: ago(12), last_at: ago(5), waits_for: { agent: { id: 'u-jonas', name: 'Jonas Weber' }, until: now + 4 * minute } }),
  row('c-jade', 'Jade Koala 72', { consumer: { id: 'p-jade', name: 'Jade Koala 72', colour: 3 }, agent: { id: 'u-lea', name: 'Lea Fontaine' }, agent_there: false, preview: 'Hello? Are you still there?', waiting_since: ago(6), last_at: ago(6), reason: 'asked for a person', about: '“the invoice has the wrong name on it”' }),
  row('c-noah', 'Noah Kim', { owner: 'bot', agent: undefined, skill: undefined, preview: 'We are open until 18:00 on Saturdays.', preview_author: 'bot', last_at: ago(4) }),
  row('c-omar', 'Omar Haddad', { agent: { id: 'u-marek', name: 'Marek Zielinski' }, skill: 'delivery', preview: 'The courier says Thursday.', preview_author: 'agent', last_at: ago(22) }),
  row('c-old', 'Maya Okafor', { state: 'closed', owner: 'none', agent: undefined, consumer: { id: 'p-c-maya', name: 'Maya Okafor' }, preview: 'Great, thanks!', last_at: ago(60 * 24 * 20), created_at: ago(60 * 24 * 20 + 30), closed_at: ago(60 * 24 * 20), outcome: 'Solved', summary: 'Changed the delivery address before dispatch.' }),
]

const message = (n: number, conversation: string, over: Partial<Message>): Message => ({
  id: `${conversation}-m${n}`, conversation, seq: n, author: 'consumer', note: false, content: {}, state: 'received', at: ago(10), ...over,
})
const agent = { author: 'agent' as const, author_id: ana.id, author_name: ana.name }
const bot = { author: 'bot' as const, author_id: 'billing', author_name: 'Ava' }

export const threads: Record<string, Message[]> = {
  'c-maya': [
    message(1, 'c-old', { content: { text: 'Can I still change my delivery address?' }, at: ago(60 * 24 * 20 + 30) }),
    message(2, 'c-old', { ...agent, author_id: 'u-jonas', author_name: 'Jonas Weber', content: { text: 'Yes, it has not left the warehouse. I changed it for you.' }, state: 'read', at: ago(60 * 24 * 20 + 20) }),
    message(3, 'c-old', { author: 'system', content: { text: 'Jonas closed the conversation: Solved', event: 'closed' }, at: ago(60 * 24 * 20) }),
    message(1, 'c-maya', { content: { text: 'Hi, where is my refund' }, at: ago(12) }),
    message(2, 'c-maya', { ...bot, content: { text: 'I can help with that. Which order is it about?', choices: [{ id: 'o1', label: 'Order 48213' }, { id: 'o2', label: 'Order 47760' }, { id: 'p', label: 'A person, please' }] }, state: 'read', at: ago(11.8) }),
    message(3, 'c-maya', { content: { text: 'Order 48213', picked: { id: 'o1', label: 'Order 48213' } }, at: ago(11) }),
    message(4, 'c-maya', { ...bot, content: { text: 'The refund of €64.90 was approved on 12 November. I cannot see a payout yet.', cards: [{ title: 'Refund policy', subtitle: 'Payouts take up to five working days.', links: [{ label: 'Read the policy', url: 'https://acme.example/refunds' }] }] }, state: 'read', at: ago(10.8) }),
    message(5, 'c-maya', { content: { text: 'I want to talk with a person please' }, heard: { score: -1, tone: 'negative', language: 'en', by: 'agent:u-jonas' }, at: ago(10) }),
    message(6, 'c-maya', { author: 'system', content: { text: 'Connecting you to Ana', event: 'assigned' }, at: ago(9.5) }),
    message(7, 'c-maya', { ...agent, content: { text: 'Hi Maya, Ana here. I can see the refund was approved on the 12th, let me check why it was not paid out.' }, state: 'read', at: ago(8) }),
    message(8, 'c-maya', { ...agent, note: true, content: { text: 'Finance export failed on the 13th, Marek is on it.' }, at: ago(5) }),
    message(9, 'c-maya', { content: { media: [{ kind: 'file', url: 'https://files.acme.example/statement.pdf', name: 'statement.pdf' }] }, at: ago(4) }),
    message(10, 'c-maya', { ...agent, content: { text: 'The payout is on its way, it will be there on Monday: https://acme.example/refunds/48213' }, state: 'delivered', at: ago(2) }),
    message(11, 'c-maya', { content: { text: 'Thank you 🙏' }, heard: { score: 0.8, tone: 'positive', language: 'en' }, at: ago(1) }),
  ],
}

threads['c-jonas'] = [
  message(1, 'c-jonas', { content: { text: 'Can I change the delivery address?' }, at: ago(5) }),
  message(2, 'c-jonas', { ...bot, note: true, content: { text: 'The bot could not look up the order.\nbots/delivery.lua:12: attempt to index a nil value (field \'address\')\nstack traceback:\n\tbots/delivery.lua:12: in function \'look_up_the_address_of_an_order_that_has_not_left_the_warehouse_yet\'\n\tbots/delivery.lua:30: in main chunk' }, at: ago(4) }),
]

export const threadOf = (c: Conversation): Message[] =>
  threads[c.id] ?? [message(1, c.id, { content: { text: c.preview }, author: c.preview_author, ...(c.preview_author === 'agent' ? agent : {}), state: c.preview_author === 'consumer' ? 'received' : 'sent', at: c.last_at })]

export function detailOf(c: Conversation, cursor: string): Detail {
  const maya = c.consumer.id === 'p-c-maya'
  return {
    conversation: c,
    consumer: {
      id: c.consumer.id, name: c.consumer.name, language: 'en', opted_out: c.id === 'c-priya', ...(c.id === 'c-priya' ? { consent: { channel: 'acme.sms', address: '+49 151 0000 1234', opted_out: true, source: 'STOP', by: 'consumer', at: ago(60 * 26) } } : {}), created_at: ago(60 * 24 * 400),
      identities: maya ? [{ kind: 'webchat', address: 'maya@example.org' }, { kind: 'twilio', address: '+49 151 0000 4821' }] : [{ kind: c.kind, address: '+49 151 0000 1234' }],
      attributes: maya ? { city: 'Hamburg', customer_since: '2023', plan: 'Plus' } : {},
    },
    ...(c.id === 'c-maya' ? {
      handoff: {
        from: 'Ava', reason: 'asked for a person', skill: 'billing', at: ago(10),
        summary: 'Wants to know where the refund for order 48213 is. It was approved on 12 November and not paid out.',
        facts: [{ name: 'order', value: '48213' }, { name: 'amount', value: '€64.90' }, { name: 'verified', value: 'by e-mail code' }],
        tried: [{ what: 'Looked up the order', ok: true }, { what: 'Answered from “Refunds”', ok: false }],
        level: 2, language: 'de',
        expects: [
          { name: 'refund', label: 'Refund granted?', kind: 'boolean', required: true }, { name: 'amount', label: 'Amount in euros', kind: 'number' },
          { name: 'paid_on', label: 'Paid on', kind: 'date' }, { name: 'reason', kind: 'choice', choices: ['late', 'broken'] }, { name: 'iban', label: 'Last digits of the IBAN', kind: 'text' },
        ],
        trace: 'bots/billing.lua:41: attempt to index a nil value (field \'payout\')\nstack traceback:\n\tbots/billing.lua:41: in function \'refund_status\'\n\tbots/billing.lua:88: in main chunk',
      },
      why: { waited_ms: 34_000, priority: 2, raised: 1, chosen: { agent: ana.id, load: 0.4, idle_ms: 240_000 }, runner_up: { agent: 'u-jonas', load: 0.5, idle_ms: 60_000 }, skipped: { 'u-lea': 'offline' } },
    } : {}),
    history: maya ? conversations.filter((o) => o.consumer.id === 'p-c-maya' && o.id !== c.id) : [],
    cursor,
  }
}
