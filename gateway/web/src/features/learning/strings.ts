import { plural } from '../../strings'

/** What the screen of what bots learn says. */
export const t = {
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
}
