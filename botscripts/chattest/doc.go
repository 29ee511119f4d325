// Package chattest reads, runs and writes conversations that must come out so:
// the tests/*.chat of a brand.
//
//	# order status, happy path
//	channel sms
//	http GET https://orders.acme.example/48213 → 200 {"status":"shipped"}
//	> where is my bike?
//	< *order number*
//	> 48213
//	< It is shipped.
//	= closed answered
//
// A file is one test; its first comment is the title. A line "## title" begins a
// test of its own, and what stands before the first one holds for all of them.
//
// What the test begins with, in any order:
//
//	channel sms                       the channel's name in brand.yaml; left out: its first
//	bot concierge                     left out: the channel's
//	language de                       the consumer's; left out: the brand's first
//	at 2026-11-22 09:00               in the brand's time zone; left out: 2026-01-05 10:00, a Monday
//	seed 7                            another course of math.random
//	consumer name=Ann tier=gold       name, address, id, and attributes
//	identity webchat v-17             a further identity of the consumer
//	given set.order=48213             a fact of the conversation; given tag=vip a tag
//	given store.greeting="Hello"      a value of the brand's store: JSON or plain text
//	queue care open waiting=2         what the bot hears of a queue; also closed, online=1, expected=90
//	past outcome=solved skill=care    an earlier conversation, newest first; also at=2026-11-01, summary="…", tag=…, fact=…
//	http GET https://a.example/*/x → 200 {"a":1}      also -> for the arrow
//	http POST https://a.example/x times 2 → 503       used exactly twice; without it once or more
//	http GET https://a.example/y after 20s → 200      the answer takes 20 seconds
//	http GET https://a.example/z fails timeout        no answer
//	http GET https://a.example/* optional → 200 {}    need not be used; with times 2: at most twice
//	  Retry-After: 3                  a header of the answer
//	  sends *"qty":2*                 what the request's body must be
//	  with Accept: *json*             what a header of the request must be
//
// Of several http lines that fit a call the later one answers. Those for the same request that stand together take turns;
// the last one's answer stays. An http line may also stand further down: it holds from there on.
//
// What happens:
//
//	> text                            the consumer writes
//	> [Label]                         … takes an offered choice, by its label or id
//	> see (image https://a.example/1.jpg)     … sends image, video, audio, file, (contact Ana) or (location 52.5,13.4 Berlin)
//	~ 2 days                          time passes: 90s, 5 min, 3 hours, 1h30m, until 2026-11-23 09:00
//	agent Ana: text                   an agent takes the conversation and writes
//	agent takes                       … only takes it; every agent line may name one: agent Ana takes
//	agent closes resolved refund=true "summary"
//	agent returns a note              … gives it back to the bot
//	agent notes text                  … writes a note
//
// What must come of it:
//
//	< text                            the bot's next message; * and … stand for anything, any white space for one blank
//	< text [A] [B]                    … with these choices; [*] for any further ones
//	< [A] [B]                         the choices of the message above
//	< (image https://*)               … with a file, a (card Title), (contact Name) or (location *)
//	= handoff care order=48213 reason=*     skill, agent, priority, level, language, reason, summary, expects, tried; else a fact
//	= closed answered summary=* by=bot
//	= tag vip, = set order=48213, = set consumer.name=Ann, = note *, = log *
//	= failed *message*                the bot failed
//	= recalled, = returned, = restart, = typing
//	= followup reminder bot=main      planned; = cancelled reminder
//	= helped Can I park?              faq.feedback counted that this answer helped; = unhelped *
//	= value greeting=Hello            the brand's store holds it now
//	= call faq.search *               a host call in the journal: its arguments and answer
//	= event KIND *                    any event of the simulation, as JSON
//	= owner queue                     who has the conversation: bot, queue, agent, none
//	= nothing                         nothing since the last > ~ or agent line, but for what lines told
//
// Every message of the bot must be expected, before anything else happens; the
// sentences of the gateway itself may be. A handoff needs a line of its own or an
// agent's, a failure a line of its own. Pauses of the bot (chat:wait, up to a
// minute), slow answers and the silence that ends a burst of messages pass by
// themselves when a line waits for what comes after them.
//
// \ makes the next character mean itself, \n is a new line, and a line that
// begins with "| " goes on with the text of the line above.
package chattest
