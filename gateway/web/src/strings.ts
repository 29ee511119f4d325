const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`

/** Every English word of the workspace and the landing page. */
export const s = {
  product: 'parley',
  landing: {
    title: (brand?: string) => (brand ? `Every conversation with ${brand}, in one place` : 'One inbox for every channel'),
    lead: 'parley brings what consumers write by SMS and on the web to one place: a bot answers what it can, and hands the rest, with all it learnt, to the right person.',
    chat: (brand?: string) => (brand ? `Talk to ${brand}` : 'Talk to us'),
    chatText: 'Open the web chat as a consumer. The bot answers first; a person is one word away.',
    inbox: 'Agents’ workspace',
    inboxText: 'Sign in to answer: the reason, the facts and the whole conversation on top.',
    docs: 'Documentation',
    footer: 'Self-hosted. One program, your data on your machine.',
  },
  signIn: {
    title: 'Sign in',
    lead: 'to the agents’ workspace',
    email: 'E-mail',
    password: 'Password',
    submit: 'Sign in',
    expired: 'Your session has ended',
    expiredText: 'Sign in again to go on. Nothing you typed is lost.',
    wrong: 'E-mail or password is wrong.',
    hint: 'The example brand’s sign-ins are printed where parley was started.',
    back: 'Back to the start page',
  },
  notFound: { title: 'Nothing here', text: 'This address leads nowhere. It may have moved, or the link was cut.', home: 'Start page', inbox: 'Go to the inbox' },
  errors: {
    offline: 'The server cannot be reached.',
    unexpected: (status: number) => `The server gave an unexpected answer (${status}).`,
    unknown: 'Something went wrong on this page.',
    retry: 'Retry',
    page: 'This page failed',
    list: 'The list did not load',
    conversation: 'The conversation did not load',
    thread: 'The messages did not load',
    intents: 'The intents did not load',
    utterances: 'The texts did not load',
    faq: 'The answers did not load',
    people: 'The skills and people did not load',
    action: 'That did not work',
    reference: (id: string) => `Reference ${id}`,
  },
  shell: {
    nav: 'Main', inbox: 'Inbox', learning: 'Learning', account: (name: string) => `${name}: status and settings`, keys: 'Keyboard shortcuts',
    signOut: 'Sign out', theme: 'Colours', light: 'Light', dark: 'Dark', system: 'System', status: 'Your status',
    load: (load: string, slots: string) => `${load} / ${slots}`, loadLong: (load: string, slots: string) => `${load} of ${slots} places in use`,
    reconnecting: 'Reconnecting — your text is kept', caughtUp: (n: number) => (n > 0 ? `Caught up, ${n} new` : 'Caught up'),
    newBuild: 'A new version is ready. Your drafts are kept.', reload: 'Reload', close: 'Close',
  },
  presence: { online: 'Online', back_soon: 'Back soon', away: 'Away', offline: 'Offline' },
  presenceText: { online: 'You get new conversations', back_soon: 'Finishing up, nothing new', away: 'Nothing new', offline: 'Not working' },
  views: { mine: 'Mine', queue: 'Queue', all: 'All' },
  states: { open: 'Open', closed: 'Closed', any: 'Any' },
  list: {
    label: 'Conversations', view: 'View', state: 'State', search: 'Search', clear: 'Clear the search', updates: (n: number) => plural(n, 'update'),
    more: 'Show more', you: 'You:', bot: 'Bot:', noPreview: 'No message yet', waits: (t: string) => `waits ${t}`,
    waitsLong: (t: string) => `The consumer has waited ${t} for an answer`, unread: (n: number) => `${n} unread`, gone: 'Moved elsewhere', draft: 'Draft:', closed: 'Closed',
    emptyMine: 'Nothing assigned to you', emptyMineText: (n: number) => (n > 0 ? `${plural(n, 'conversation')} waiting in your skills.` : 'New conversations appear here by themselves.'),
    seeQueue: 'Look at the queue', goOnline: 'Go online', emptyOffline: 'You are not online, so nothing new comes to you.',
    emptyQueue: 'The queue is empty', emptyQueueText: 'Nobody waits for a person right now.', seeMine: 'Back to mine',
    emptyAll: 'No conversations', emptyAllText: 'What consumers write appears here.', noMatch: 'No match', noMatchText: (q: string) => `Nothing contains “${q}”.`,
    counts: (m: number, q: number, a: number) => `${m} mine, ${q} waiting, ${a} open in all`,
  },
  offer: { title: 'New for you', accept: 'Accept', decline: 'Decline', aria: (name: string) => `Offer: ${name}` },
  conversation: {
    label: 'Conversation', pick: 'Pick a conversation', pickText: 'Choose one on the left, or press J.', back: 'Back to the list', transfer: 'Transfer', close: 'Close', more: 'More actions', take: 'Take', takeOver: 'Take over',
    requeue: 'Back to the queue', returnToBot: 'Return to the bot', context: 'About the consumer', you: 'You', bot: 'Bot', system: 'Automatic', queue: 'Waiting in the queue', notThere: (n: string) => `${n} · not there`, waitsFor: (n: string, until: string) => `Waits for ${n} until ${until}, then for anybody`, closed: 'Closed', closedAs: (o: string) => `Closed · ${o}`,
    missing: 'This conversation does not exist', missingText: 'It may belong to another brand, or the link was cut.',
    earlier: 'Show earlier messages', start: 'Start of the conversation', newBelow: (n: number) => `${n} new`, jump: 'To the newest message', log: 'Messages', typing: (name: string) => `${name} is typing…`,
    divider: (channel: string, at: string) => `${channel} conversation · ${at}`, note: 'Note', noteHint: 'only the team sees it', someone: 'The consumer',
    taken: 'It is yours now', done: { transferred: 'Transferred', requeued: 'Back in the queue', returned: 'The bot goes on', closed: 'Conversation closed' },
    readOnly: { bot: 'The bot has this conversation.', queue: 'Nobody has this conversation yet. Take it to reply.', other: (n: string) => `${n} has this conversation.`, closed: 'This conversation is closed. A new message from the consumer starts the next one.' },
  },
  delivery: { sending: 'Sending…', refused: 'Not sent', queued: 'Queued', sent: 'Sent', delivered: 'Delivered', read: 'Read', failed: 'Failed', unknown: 'May not have arrived', received: '' },
  again: 'Try again',
  sendAgain: { do: 'Send again', doubtful: 'Send again (it may arrive twice)', done: 'It is being sent again.' },
  held: {
    wait: (name: string, why: string) => `Messages of the channel ${name} wait. ${why}`, since: 'Since',
    auth: 'They go out when the credentials are put right.', later: 'They go out when the provider takes them again.',
  },
  content: { file: 'File', image: 'Image', video: 'Video', audio: 'Audio', location: 'Location', picked: 'picked', options: 'Answers offered', broken: 'The image did not load', unsupported: 'Empty message', map: 'Open the map' },
  handoff: { level: (n: number) => `Level ${n} or higher`, language: (l: string) => `Speaks ${l}`, title: (from: string) => `Handed over by ${from}`, tried: 'Tried', worked: 'worked', failed: 'did not work', trace: 'Technical trace', copy: (name: string) => `Copy ${name}`, copied: 'Copied', show: 'Show', hide: 'Hide', unfold: 'Show the handoff', fold: 'Fold the handoff' },
  mood: {
    negative: 'Sounds unhappy', neutral: 'Sounds neutral', positive: 'Sounds happy', scored: (words: string, score: string) => `${words} (${score})`,
    guess: 'A guess from words.', hint: (words: string) => `${words}. A guess from words.`, writes: 'writes in', sounds: 'sounds', plain: { negative: 'unhappy', neutral: 'neutral', positive: 'happy' },
  },
  hearing: {
    menu: 'About this message', means: 'What it means…', sounds: 'How it sounds', tones: { negative: 'Negative', neutral: 'Neutral', positive: 'Positive' },
    judged: (who: string) => `${who} said so.`, judgedYou: 'You said so.', colleague: 'A colleague', keptTone: { negative: 'Kept: it sounds negative.', neutral: 'Kept: it sounds neutral.', positive: 'Kept: it sounds positive.' },
    title: 'What it means', lead: 'The bot learns from this once it is accepted.', find: 'Find an intent', list: 'Intents', none: 'None of these', noneText: 'It means something else',
    noMatch: (q: string) => `No intent is called “${q}”.`, noIntents: 'No intents yet', noIntentsText: 'The active version of the bots tells no intents apart. Intents are written in intents.yaml.',
    kept: (intent: string) => `Kept for learning as ${intent}.`, keptNone: 'Kept for learning: it means none of these.',
  },
  context: {
    title: 'Consumer', identities: 'Identities', attributes: 'Known', history: 'History', noHistory: 'The first conversation.', noAttributes: 'Nothing known yet.', optedOut: 'Opted out', optedOutText: 'Said STOP on this channel: replies cannot be sent.',
    since: 'Since', language: 'Language', tags: 'Tags', skill: 'Skill', why: 'Why you', whyOther: (n: string) => `Why ${n}`, waited: (t: string) => `It had waited ${t}`, priority: (n: number) => `priority ${n}`, raised: (n: number, by: number) => `priority ${n}, raised by ${by} because the consumer sounds unhappy`, mood: 'Mood',
    chosen: (n: string, load: string, idle: string) => `${n}: ${load} of the places used, free for ${idle}`, noOutcome: 'Closed without an outcome', lastWords: (text: string) => `Last: “${text}”`, runnerUp: 'Next in line', skipped: 'Passed over', outcome: 'Outcome', summary: 'Summary', me: 'You',
  },
  composer: {
    reply: 'Reply', note: 'Note', mode: 'Reply or note', replyTo: (n: string) => `Reply to ${n}…`, notePlaceholder: 'Write a note. Only the team sees it.', send: 'Send', addNote: 'Add note', tooLong: (n: number) => `${n} characters too many`,
    guardTitle: 'Not sent: something happened meanwhile', sendAnyway: 'Send anyway', discard: 'Discard', edit: 'Edit', asNote: 'Keep as a note', notSent: 'Not sent', words: 'Your words', copy: 'Copy', sendAgain: 'Send again', tooOld: 'It could not be sent for more than an hour.',
    heldBack: (who: string) => `What you wrote to ${who} was not sent. It is kept in the conversation.`, heldIn: (n: number) => `${n === 1 ? 'A message was' : `${n} messages were`} not sent, in:`, conversation: 'a conversation', optedOut: 'The consumer has opted out of this channel.', offline: 'You are offline. It will be sent when the connection is back.',
  },
  happened: {
    replied: (who: string, text: string) => `${who} replied: “${text}”`, wrote: (who: string, text: string) => `${who} wrote: “${text}”`, note: (who: string) => `${who} added a note`, took: (who: string) => `${who} has the conversation now`,
    queue: 'The conversation went back to the queue', bot: 'The bot has the conversation now', closed: 'The conversation was closed', other: 'The conversation changed',
  },
  notice: {
    label: 'What happened without you', conversation: 'A conversation', dismiss: 'Dismiss', dismissAll: 'Dismiss all', more: (n: number) => `and ${n} more`,
    says: (n: { kind: string; by?: string; to?: string }) => {
      const who = n.by ?? 'The gateway'
      const to = n.to ? ` ${n.to}` : ' the queue'
      switch (n.kind) {
        case 'taken': return `${who} took it over from you.`
        case 'transferred': return `${who} transferred it from you to${to}.`
        case 'requeued': return `${who} put it back into the queue of${to}.`
        case 'to_bot': return `${who} returned it to the bot.`
        case 'closed': return n.by ? `${who} closed it.` : 'It was closed, not by you.'
        case 'signed_out': return `It went back to${to}, because you signed out.`
        case 'offline': return `It went back to${to}, because you went offline.`
        case 'lost': return `It went back to${to}, because your connection was lost.`
        case 'away': return `It went back to${to}, because you were away for long and the consumer waited.`
        case 'disabled': return `It went back to${to}, because your account was disabled.`
        case 'skill': return `It went back to${to}, because you no longer have its skill.`
        case 'offers_lapsed': return 'You were set to away: several offers in a row were not answered. Go online when you can take conversations again.'
        default: return 'It is no longer yours.'
      }
    },
  },
  leave: {
    title: (n: number) => (n === 0 ? 'Nothing is left with you' : `You have ${plural(n, 'open conversation')}`),
    text: 'They go back to their queues, at the place they had, and the consumers who wait are told. Or transfer some to somebody first.',
    unsent: (n: number) => (n === 1 ? 'A text of yours was not sent' : `${n} texts of yours were not sent`), unsentText: 'Signing out deletes what was not sent from this browser.',
    words: (name: string, text: string) => `${name}: “${text}”`, more: (n: number) => `and ${n} more`,
    transfer: (name: string) => `Transfer ${name}`,
    go: { signOut: (n: number, words: number) => (n > 0 ? 'Return them and sign out' : words > 0 ? 'Delete and sign out' : 'Sign out'), offline: (n: number) => (n > 0 ? 'Return them and go offline' : 'Go offline') },
  },
  transfer: {
    nobody: 'nobody there', full: 'no room', since: (t: string) => `for ${t}`, lapsed: 'did not answer offers', waits: 'It waits until then.',
    willClosed: (k: string, at?: string) => (at ? `${k} is closed and opens ${at}. The conversation waits until then.` : `${k} is closed. The conversation waits until it opens.`),
    willNobody: (k: string) => `Nobody with ${k} is there now. The conversation waits in the queue, or goes to the fallback.`,
    isAway: (name: string, there: string) => `${name} is ${there}.`, isFull: (name: string) => `${name} has no room now.`,
    fallsBack: (t: string, skill?: string) => `It waits ${t} for them, then anybody with ${skill ?? 'the skill'} may take it.`,
    title: 'Transfer', to: 'To', find: 'Find a skill or a person', skills: 'Skills', people: 'People', note: 'Note for the receiver', notePlaceholder: 'What do they need to know?', submit: 'Transfer', cancel: 'Cancel',
    online: (n: number) => `${n} online`, waiting: (n: number) => `${n} waiting`, oldest: (t: string) => `oldest ${t}`, closedNow: 'closed now', opens: (t: string) => `opens ${t}`, here: 'now here', none: 'No match',
    away: 'not reachable', choose: 'Choose who gets it.', writeNote: 'Write a note, so that nobody has to ask twice.',
  },
  requeue: { title: 'Back to the queue', text: 'Another agent with the skill gets it.', note: 'Note (optional)', submit: 'Back to the queue' },
  return: { title: 'Return to the bot', text: 'The bot goes on after its handoff.', note: 'Note (optional)', submit: 'Return to the bot' },
  closing: { title: 'Close the conversation', outcome: 'Outcome', outcomePlaceholder: 'How did it end?', summary: 'Summary', summaryPlaceholder: 'One or two sentences for whoever comes next', submit: 'Close', choose: 'Choose an outcome.', yes: 'Yes', no: 'No', unset: 'Not answered', needed: 'This is needed.', number: 'Write a number, such as 12.50.', wrong: (label: string, why: string) => `${label.replace(/[?:.]$/, '')}: ${why}` },
  learning: {
    title: 'Learning', lead: 'What bots did not understand, and which answers helped. Nothing is learnt until somebody accepts it.', texts: 'Texts', answers: 'Answers',
    forbidden: 'For supervisors and admins', forbiddenText: 'Ask one of them to change your role if you should see this.', state: 'State', states: { open: 'Open', accepted: 'Accepted', dismissed: 'Dismissed' },
    empty: { open: 'Nothing to learn', accepted: 'Nothing accepted yet', dismissed: 'Nothing dismissed' },
    emptyText: { open: 'Texts that bots do not understand, and what agents say that a message means, appear here.', accepted: 'Texts that became examples or wordings are listed here.', dismissed: 'Texts that were put aside are listed here.' },
    more: (shown: number, total: number) => `Show more (${shown} of ${total} groups)`, cut: (shown: number, total: number) => `The largest ${shown} of ${total} groups. Accept or dismiss some to see the others.`,
    group: (n: number) => plural(n, 'text'), times: (n: number) => `${n} times`, like: { intent: (name: string) => `Like ${name}`, faq: (name: string) => `Like “${name}”`, new: () => 'Like nothing known' }, likeness: (score: number) => `likeness ${score.toFixed(2)}`,
    all: (n: number) => (n === 1 ? 'Choose the text of this group' : `Choose all ${n} texts of this group`), showAll: (n: number) => `Show all ${n}`, open: 'Conversation', openFrom: (text: string) => `Conversation of “${text}”`,
    sources: { intent: 'No intent was found', faq: 'No answer was found', answer: 'The answer did not help', agent: '' }, said: (who: string, intent?: string) => (intent ? `${who} said: ${intent}` : `${who} said: none of the intents`),
    answered: (question: string) => `The answer to “${question}” did not help`, acceptedAs: (name: string) => `Accepted as ${name}`, dismissedBy: (who: string) => `Dismissed by ${who}`,
    chosenLabel: 'Chosen texts', chosen: (n: number) => `${n} chosen`, tooMany: (n: number, most: number) => `${n} chosen, at most ${most} at once`, clear: 'Clear', dismiss: 'Dismiss', dismissed: (n: number) => `${plural(n, 'text')} dismissed`, accept: 'Accept…', adminsAccept: 'Only admins accept.',
    acceptTitle: (n: number) => `Accept ${plural(n, 'text')}`, chosenTexts: 'Texts', as: 'Accept as', asIntent: 'An intent', asQuestion: 'A question', name: { intent: 'Intent', question: 'Question' }, nameHint: { intent: 'The texts become examples of it. A new name makes a new intent.', question: 'The texts become other wordings of it. A new one needs an answer.' },
    fresh: { intent: 'This is a new intent. The texts become its examples.', question: 'This is a new question, which needs an answer.' }, choose: { intent: 'Choose an intent or write a new name.', question: 'Choose a question or write a new one.' }, answer: 'Answer', answerHint: 'Markdown', writeAnswer: 'Write the answer.',
    check: 'A new version is tested and activated only if it understands no less than the one before.', teach: 'Accept',
    learnt: (n: number) => `${plural(n, 'text')} learnt`, active: (version: string) => `Version ${version} is active now.`, refused: 'Nothing was changed', accuracy: 'Accuracy', before: 'Before', after: 'After', ofIntents: 'Intents', ofFAQ: 'Questions', ofTests: 'Tests of the brand', unplayed: (n: number) => `There was no time for ${plural(n, 'test')}.`,
    changed: 'Open texts that are understood otherwise now', wouldChange: 'Open texts that would be understood otherwise', change: (was: string, is: string) => `${was} → ${is}`, unknown: 'not known', back: 'Change',
    noAnswers: 'No questions', noAnswersText: 'The active version of the bots has no FAQ. Questions are written in its faq folder.', answersLead: 'What consumers said when the bot asked whether the answer helped. Those that helped least come first.',
    question: 'Question', helped: 'Helped', unhelped: 'Did not help', share: 'Helped, share', last: 'Last said', wordings: (n: number) => (n === 0 ? 'One wording' : plural(n, 'other wording')), inactive: 'not in the active version', nobody: 'Nobody said',
  },
  keys: {
    title: 'Keyboard shortcuts', letters: 'Single-letter shortcuts', lettersText: 'Turn them off if you dictate or press keys by accident.',
    rows: [['J', 'Next conversation'], ['K', 'Previous conversation'], ['/', 'Search'], ['R', 'Reply'], ['N', 'Note'], ['T', 'Transfer'], ['E', 'Close'], ['A', 'Accept the offer, or take'], ['mod+Enter', 'Send'], ['Esc', 'Leave the composer, close a dialog'], ['?', 'This list']] as const,
  },
  time: { now: 'now', today: 'Today', yesterday: 'Yesterday', seconds: (n: number) => plural(n, 'second'), min: (n: number) => `${n} min`, hours: (n: number) => `${n} h`, days: (n: number) => `${n} d` },
}
