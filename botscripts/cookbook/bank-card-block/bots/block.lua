-- Blocks a lost card, in English or German, and takes fraud to the right people.
-- Nothing here may be slow: short questions, few tries, a person when in doubt.
local http, i18n, time, text = require "http", require "i18n", require "time", require "text"
local t = i18n.t

local function german(words)
  for _, word in ipairs(text.words(words)) do
    if word == "karte" or word == "gesperrt" or word == "verloren" then return true end
  end
end

local function fraud(chat, card)
  local amount = chat:ask(t "how_many", { kind = "money", currency = "EUR", retries = 1, escape = false })
  local disputed = amount.value and amount.value.amount
  chat:say(t "fraud")
  local outcome = chat:handoff{
    skill = "fraud", priority = 1, reason = "payments that were not the customer's",
    summary = "The card " .. card .. " is blocked. About " .. (disputed and i18n.format_money(disputed, "EUR") or "an unknown amount") .. " is disputed.",
    facts = { card = card, disputed = disputed or "not known" },
    expects = { reported = "boolean" },
    max_wait = 10 * 60,
  }
  if outcome.unavailable then
    chat:tag "call back today"
    return chat:say(t "waiting")
  end
  chat:set("reported", outcome.fields.reported and "yes" or "no")
end

return function(chat)
  if german(chat.opening.text) then consumer:set("language", "de") end
  chat:say(t "hello")

  local digits = chat:ask(t "card", { kind = "pattern", pattern = "^%D*(%d%d%d%d)%D*$", hint = t "card_hint", retries = 1, timeout = 600 })
  if digits.failed or digits.timed_out then
    return chat:transfer{ skill = "cards", priority = 1, reason = "wants to block a card, number not known" }
  end
  local card = "•••• " .. digits.value
  if not chat:confirm(t("sure", { card = card }), { timeout = 600 }) then
    chat:say(t "kept")
    return chat:close "not blocked"
  end

  local done = http.post("https://cards.acme.example/blocks", {
    json = { last4 = digits.value }, timeout = 10, retries = 3,
  })
  if not done.ok then
    chat:say(t "down")
    return chat:transfer{ skill = "cards", priority = 1, reason = "card system does not answer", facts = { card = card } }
  end
  chat:set("card", card)
  chat:say(t("blocked", { card = card, time = time.format(time.now(), "%H:%M") }))

  if chat:confirm(t "seen", { timeout = 600 }) then fraud(chat, card) end
  chat:say(t "bye")
  chat:close "blocked"
end
