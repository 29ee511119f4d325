import { plural } from '../../strings'

/** What the agents’ screen says. */
export const t = {
  title: 'Inbox',
  keys: [['J', 'Next conversation'], ['K', 'Previous conversation'], ['/', 'Search'], ['R', 'Reply'], ['N', 'Note'], ['T', 'Transfer'], ['E', 'Close'], ['A', 'Accept the offer, or take'], ['mod+Enter', 'Send'], ['Esc', 'Leave the composer, close a dialog']] as const,
  views: { mine: 'Mine', queue: 'Queue', all: 'All' },
  states: { open: 'Open', closed: 'Closed', any: 'Any' },
  list: {
    label: 'Conversations', view: 'View', state: 'State', search: 'Search', clear: 'Clear the search', updates: (n: number) => plural(n, 'update'),
    more: 'Show more', you: 'You:', bot: 'Bot:', noPreview: 'No message yet', waits: (t: string) => `waits ${t}`,
    waitsLong: (t: string) => `The consumer has waited ${t} for an answer`, unread: (n: number) => `${n} unread`, gone: 'Moved elsewhere', draft: 'Draft:', closed: 'Closed',
    emptyMine: 'Nothing assigned to you', emptyMineText: (n: number) => (n > 0 ? `${plural(n, 'conversation')} waiting in your skills.` : 'New conversations appear here by themselves.'),
    seeQueue: 'Look at the queue', emptyOffline: 'You are not online, so nothing new comes to you.',
    emptyQueue: 'The queue is empty', emptyQueueText: 'Nobody waits for a person right now.', seeMine: 'Back to mine',
    emptyAll: 'No conversations', emptyAllText: 'What consumers write appears here.', noMatch: 'No match', noMatchText: (q: string) => `Nothing contains “${q}”.`,
    counts: (m: number, q: number, a: number) => `${m} mine, ${q} waiting, ${a} open in all`,
  },
  offer: { title: 'New for you', accept: 'Accept', decline: 'Decline', aria: (name: string) => `Offer: ${name}` },
  conversation: {
    label: 'Conversation', pick: 'Pick a conversation', pickText: 'Choose one on the left, or press J.', back: 'Back to the list', transfer: 'Transfer', close: 'Close', more: 'More actions', take: 'Take', takeOver: 'Take over',
    requeue: 'Back to the queue', returnToBot: 'Return to the bot', consent: 'Messages wanted?', context: 'About the consumer', you: 'You', bot: 'Bot', brand: 'Brand', system: 'Automatic', queue: 'Waiting in the queue', notThere: (n: string) => `${n} · not there`, waitsFor: (n: string, until: string) => `Waits for ${n} until ${until}, then for anybody`, closed: 'Closed', closedAs: (o: string) => `Closed · ${o}`,
    missing: 'This conversation does not exist', missingText: 'It may belong to another brand, or the link was cut.',
    earlier: 'Show earlier messages', start: 'Start of the conversation', newBelow: (n: number) => `${n} new`, jump: 'To the newest message', log: 'Messages', typing: (name: string) => `${name} is typing…`,
    divider: (channel: string, at: string) => `${channel} conversation · ${at}`, note: 'Note', noteHint: 'only the team sees it',
    readOnly: { bot: 'The bot has this conversation.', queue: 'Nobody has this conversation yet. Take it to reply.', other: (n: string) => `${n} has this conversation.`, closed: 'This conversation is closed. A new message from the consumer starts the next one.' },
  },
  delivery: { sending: 'Sending…', refused: 'Not sent', queued: 'Queued', sent: 'Sent', delivered: 'Delivered', read: 'Read', failed: 'Failed', unknown: 'May not have arrived', received: '' },
  again: 'Try again',
  sendAgain: { do: 'Send again', doubtful: 'Send again (it may arrive twice)', done: 'It is being sent again.' },
  content: { file: 'File', image: 'Image', video: 'Video', audio: 'Audio', location: 'Location', picked: 'picked', options: 'Answers offered', broken: 'The image did not load', unsupported: 'Empty message', foreign: (what: string) => `Something that cannot be shown here: ${what}`, template: (name: string) => `The template ${name}`, map: 'Open the map' },
  marks: {
    reactions: 'Reactions', byConsumer: 'By the consumer', byBrand: 'By the brand', edited: 'Edited', earlier: 'An earlier message', elsewhere: 'Written in another app',
    unsent: 'The consumer took this message back.', unsentByUs: 'This message was taken back.',
  },
  handoff: { level: (n: number) => `Level ${n} or higher`, language: (l: string) => `Speaks ${l}`, title: (from: string) => `Handed over by ${from}`, tried: 'Tried', worked: 'worked', failed: 'did not work', trace: 'Technical trace', copy: (name: string) => `Copy ${name}`, copied: 'Copied', show: 'Show', hide: 'Hide', unfold: 'Show the handoff', fold: 'Fold the handoff' },
  hearing: {
    menu: 'About this message', means: 'What it means…', sounds: 'How it sounds', tones: { negative: 'Negative', neutral: 'Neutral', positive: 'Positive' },
    judged: (who: string) => `${who} said so.`, judgedYou: 'You said so.', keptTone: { negative: 'Kept: it sounds negative.', neutral: 'Kept: it sounds neutral.', positive: 'Kept: it sounds positive.' },
    title: 'What it means', lead: 'The bot learns from this once it is accepted.', find: 'Find an intent', list: 'Intents', none: 'None of these', noneText: 'It means something else',
    noMatch: (q: string) => `No intent is called “${q}”.`, noIntents: 'No intents yet', noIntentsText: 'The active version of the bots tells no intents apart. Intents are written in intents.yaml.',
    kept: (intent: string) => `Kept for learning as ${intent}.`, keptNone: 'Kept for learning: it means none of these.',
  },
  context: {
    title: 'Consumer', identities: 'Identities', attributes: 'Known', history: 'History', noHistory: 'The first conversation.', noAttributes: 'Nothing known yet.', optedOut: 'Opted out', optedOutText: 'Wants no messages on this channel: replies cannot be sent.', proof: (by: string, words: string) => `${by}: “${words}”`, byConsumer: 'The consumer', byProvider: 'The provider', byAgent: 'An agent',
    since: 'Since', language: 'Language', tags: 'Tags', skill: 'Skill', why: 'Why you', whyOther: (n: string) => `Why ${n}`, waited: (t: string) => `It had waited ${t}`, priority: (n: number) => `priority ${n}`, raised: (n: number, by: number) => `priority ${n}, raised by ${by} because the consumer sounds unhappy`, mood: 'Mood',
    chosen: (n: string, load: string, idle: string) => `${n}: ${load} of the places used, free for ${idle}`, noOutcome: 'Closed without an outcome', lastWords: (text: string) => `Last: “${text}”`, runnerUp: 'Next in line', skipped: 'Passed over', outcome: 'Outcome', summary: 'Summary', me: 'You',
  },
  composer: {
    reply: 'Reply', note: 'Note', mode: 'Reply or note', replyTo: (n: string) => `Reply to ${n}…`, notePlaceholder: 'Write a note. Only the team sees it.', send: 'Send', addNote: 'Add note', tooLong: (n: number) => `${n} characters too many`,
    guardTitle: 'Not sent: something happened meanwhile', sendAnyway: 'Send anyway', discard: 'Discard', edit: 'Edit', asNote: 'Keep as a note', notSent: 'Not sent', words: 'Your words', copy: 'Copy', sendAgain: 'Send again', heldIn: (n: number) => `${n === 1 ? 'A message was' : `${n} messages were`} not sent, in:`, optedOut: 'The consumer has opted out of this channel.', offline: 'You are offline. It will be sent when the connection is back.',
  },
  happened: {
    replied: (who: string, text: string) => `${who} replied: “${text}”`, wrote: (who: string, text: string) => `${who} wrote: “${text}”`, note: (who: string) => `${who} added a note`, took: (who: string) => `${who} has the conversation now`,
    queue: 'The conversation went back to the queue', bot: 'The bot has the conversation now', closed: 'The conversation was closed', other: 'The conversation changed',
  },
  requeue: { title: 'Back to the queue', text: 'Another agent with the skill gets it.', note: 'Note (optional)', submit: 'Back to the queue' },
  return: { title: 'Return to the bot', text: 'The bot goes on after its handoff.', note: 'Note (optional)', submit: 'Return to the bot' },
  consent: { title: 'Messages wanted?', outText: 'From now on nothing is sent to the consumer on this channel.', inText: 'The consumer wants messages on this channel again.', source: 'What the consumer said, and how', sourceHint: 'It is kept as the proof.', needed: 'Write what the consumer said.', out: 'Record the opt-out', in: 'Record that messages are wanted' },
  closing: { title: 'Close the conversation', outcome: 'Outcome', outcomePlaceholder: 'How did it end?', summary: 'Summary', summaryPlaceholder: 'One or two sentences for whoever comes next', submit: 'Close', choose: 'Choose an outcome.', yes: 'Yes', no: 'No', unset: 'Not answered', needed: 'This is needed.', number: 'Write a number, such as 12.50.', wrong: (label: string, why: string) => `${label.replace(/[?:.]$/, '')}: ${why}` },
}
