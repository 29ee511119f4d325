/** What the start page says. */
export const t = {
  title: (brand?: string) => (brand ? `Every conversation with ${brand}, in one place` : 'One inbox for every channel'),
  lead: 'parley brings what consumers write by SMS and on the web to one place: a bot answers what it can, and hands the rest, with all it learnt, to the right person.',
  chat: (brand?: string) => (brand ? `Talk to ${brand}` : 'Talk to us'),
  chatText: 'Open the web chat as a consumer. The bot answers first; a person is one word away.',
  inbox: 'Agents’ workspace',
  inboxText: 'Sign in to answer: the reason, the facts and the whole conversation on top.',
  docs: 'Documentation',
  footer: 'Self-hosted. One program, your data on your machine.',
}
