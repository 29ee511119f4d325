export const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`

/** The English words that more than one screen says, and the frame around them. A screen's own are in its folder. */
export const s = {
  product: 'parley',
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
    nav: 'Main', account: (name: string) => `${name}: status and settings`, keys: 'Keyboard shortcuts',
    signOut: 'Sign out', theme: 'Colours', light: 'Light', dark: 'Dark', system: 'System', status: 'Your status',
    load: (load: string, slots: string) => `${load} / ${slots}`, loadLong: (load: string, slots: string) => `${load} of ${slots} places in use`,
    reconnecting: 'Reconnecting — your text is kept', caughtUp: (n: number) => (n > 0 ? `Caught up, ${n} new` : 'Caught up'),
    goOnline: 'Go online', newBuild: 'A new version is ready. Your drafts are kept.', reload: 'Reload', close: 'Close',
  },
  presence: { online: 'Online', back_soon: 'Back soon', away: 'Away', offline: 'Offline' },
  presenceText: { online: 'You get new conversations', back_soon: 'Finishing up, nothing new', away: 'Nothing new', offline: 'Not working' },
  desk: {
    taken: 'It is yours now', done: { transferred: 'Transferred', requeued: 'Back in the queue', returned: 'The bot goes on', closed: 'Conversation closed', consent: 'Recorded' },
    someone: 'The consumer', colleague: 'A colleague', conversation: 'a conversation', tooOld: 'It could not be sent for more than an hour.',
    heldBack: (who: string) => `What you wrote to ${who} was not sent. It is kept in the conversation.`,
  },
  held: {
    wait: (name: string, why: string) => `Messages of the channel ${name} wait. ${why}`, since: 'Since',
    auth: 'They go out when the credentials are put right.', later: 'They go out when the provider takes them again.',
  },
  mood: {
    negative: 'Sounds unhappy', neutral: 'Sounds neutral', positive: 'Sounds happy', scored: (words: string, score: string) => `${words} (${score})`,
    guess: 'A guess from words.', hint: (words: string) => `${words}. A guess from words.`, writes: 'writes in', sounds: 'sounds', plain: { negative: 'unhappy', neutral: 'neutral', positive: 'happy' },
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
  keys: {
    title: 'Keyboard shortcuts', letters: 'Single-letter shortcuts', lettersText: 'Turn them off if you dictate or press keys by accident.',
    list: 'This list',
  },
  time: { now: 'now', today: 'Today', yesterday: 'Yesterday', seconds: (n: number) => plural(n, 'second'), min: (n: number) => `${n} min`, hours: (n: number) => `${n} h`, days: (n: number) => `${n} d` },
}
