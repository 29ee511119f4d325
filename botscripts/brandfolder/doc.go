// Package brandfolder reads a brand from its folder and reports everything
// that is wrong with it, by file and line.
//
//	acme/
//	  brand.yaml     what the brand is, below
//	  bots/*.lua     one bot a file
//	  lib/**.lua     modules, require "lib.x" reads lib/x.lua
//	  faq/**.md      questions and answers, see package faq
//	  intents.yaml   name: [example sentence, …]; see package intents
//	  tests/**.chat  conversations that must come out so
//
// brand.yaml, with all that it may say:
//
//	id: acme                      # a-z, 0-9 and -, at most 40; part of URLs; never changes
//	name: Acme Bikes
//	time_zone: Europe/Berlin      # IANA name
//	languages: [en, de]           # BCP 47, the first is the default
//	bot_name: Ava                 # what consumers see; default "Assistant"
//	color: "#0f766e"              # accent of the chat page
//	default_skill: care           # takes escapes and failed bots
//
//	escape_words:                 # at any question they hand over to a person
//	  en: [agent, human]
//
//	http:
//	  hosts: [orders.acme.example, "*.acme.example"]   # that bots may call
//	  secrets:                    # that bots name in headers and never see: "Bearer {ORDERS_TOKEN}"
//	    ORDERS_TOKEN: {value: "${ORDERS_TOKEN}", hosts: [orders.acme.example]}   # sent to these only
//
//	hours:                        # left out: always open
//	  mon-fri: 09:00-18:00
//	  sat: 10:00-14:00, 15:00-17:00
//	  fri, sun: 22:00-02:00       # past midnight
//	  closed: [2026-12-25]        # beats everything
//	  extra: {2026-12-24: 09:00-12:00}   # instead of the weekday's
//	  time_zone: Europe/Vienna    # left out: the brand's
//
//	gather: 1.5                   # a burst of messages ends with this silence, 0 to 10 s; left out: each by itself
//
//	texts:                        # other words for what the system says; "connecting.de" for one language
//	  connecting: "One moment, I am getting {skill}."
//
//	holidays: {Stadtfest: 06-15}  # days that consumers name and that are no working days
//
//	patterns:                     # the brand's own numbers, that slots.find looks for, 32 at most
//	  order: "AC-#####"           # # a digit, @ a letter, * either; always in quotes
//	  ticket: {regexp: "T[0-9]{6,8}"}   # RE2; case does not matter in either
//
//	sentiment:                    # left out: heard and shown, with no effect
//	  priority: 2                 # an unhappy consumer is served so many steps sooner, 0 to 9; or off: true
//
//	loops:                        # what bots and one address write to each other before a person looks at it
//	  burst: 30                   # also answers, conversations, same, unanswered, follow_ups
//
//	desk:                         # how agents and conversations find each other and part; times as 90s, 5m, 2h or never
//	  lapsed_offers: 3            # so many in a row that nobody answered set an agent away, or never
//	  lost_connection: 5m         # so long an agent may be unreachable before her conversations go back
//	  away: 2h                    # so long she may be away before those whose consumer waits go back
//	  transfer_wait: 5m           # so long a conversation waits for the one agent that it was given to
//
//	outreach:                     # follow-ups, which nobody waits for; left out: whenever a bot plans one
//	  quiet: "21:00-08:00"        # none then, by the clock where the consumer is
//	  per_day: 2                  # so many at most to one address; also per_week
//
//	retention:                    # for how many days what is over is kept, or forever
//	  sends: 30d                  # finished sends and outside calls
//	  journals: 90d               # what bots asked and were answered in closed conversations
//	  conversations: forever      # what was said in closed conversations
//
//	skills:                       # what conversations need and agents have
//	  care:
//	    name: Customer care
//	    priority: 5               # 1 first … 10 last; default 5
//	    accept_seconds: 30        # to accept an offer; 0 or left out assigns at once
//	    weight: 1                 # share of an agent's slot, above 0; default 1
//	    fallback: sales           # takes over when nobody with the skill is online
//	    outcomes: [solved, refunded]
//	    hours: {mon-sun: 08:00-20:00}    # left out: the brand's
//
//	channels:                     # the channel's id is "acme.sms"
//	  web:
//	    kind: webchat
//	    name: Website             # default: the key
//	    bot: concierge            # bots/concierge.lua
//	    allowed_origins: [https://acme.example]
//	    gather: 0                 # left out: the brand's
//	  sms:
//	    kind: twilio
//	    optional: true            # leave the channel out while one of its ${…} is not set
//	    bot: concierge
//	    address: ${TWILIO_NUMBER}
//	    account_sid: ${TWILIO_ACCOUNT_SID}
//	    auth_token: ${TWILIO_AUTH_TOKEN}     # secrets come from the environment, always
//	    give_up_after: 24h        # the age at which a message that cannot be sent is given up
//	    confirm_after: 5m         # between two look-ups that find nothing, before one in doubt is sent again
//
//	agents:                       # of the bundled example only; people are made with "parley user"
//	  ana@acme.example: {name: Ana Lima, skills: [care, sales], slots: 3, role: agent, auto_accept: true}
//
// ${NAME} stands for the server's environment variable NAME, as the whole of a
// value or of an entry of a list: address and the settings and secrets of a
// channel, and the value of a secret. Anywhere else it is text like any other. It
// is found in what YAML means, not in how it is written. The brand keeps the
// name; values are filled in by the one who sends, when the operator allows it.
package brandfolder
