-- Rebooks travellers whose train is late or cancelled, in three languages. A
-- person who takes over speaks the traveller's language.
local http, i18n, text, time = require "http", require "i18n", require "text", require "time"
local t = i18n.t

local API = "https://rail.acme.example/tickets/"
local WORDS = { zug = "de", ticket = nil, fahrkarte = "de", umbuchen = "de", train = nil, billet = "fr", bonjour = "fr", retard = "fr" }

local function guess_language(said)
  for _, word in ipairs(text.words(said)) do
    if WORDS[word] then return WORDS[word] end
  end
  return "en"
end

local function to_person(chat, reason, facts)
  chat:say(t "person")
  return chat:transfer{ skill = "tickets", language = i18n.language(), reason = reason, facts = facts }
end

local function find(chat)
  local number = chat.opening.text:match("%f[%w]%u%d%u%d%u%u%f[%W]")
  for _ = 1, 3 do
    if not number then
      local answer = chat:ask(t "ticket", { kind = "pattern", pattern = "%w%w%w%w%w%w", hint = t "ticket_hint", retries = 1, timeout = 1800 })
      if not answer.value then return nil, "no ticket number" end
      number = text.upper(answer.value)
    end
    local found = http.get(API .. number, { retries = 2 })
    if found.ok then return found.json end
    if found.status ~= 404 then return nil, "ticket system does not answer" end
    chat:say(t("unknown", { number = number }))
    number = nil
  end
  return nil, "ticket not found"
end

local function offer(chat, ticket)
  local choices = {}
  for _, train in ipairs(ticket.trains) do
    choices[#choices + 1] = { id = train.id, label = train.time .. " (" .. t("seats", { count = train.seats }) .. ")" }
  end
  choices[#choices + 1] = { id = "keep", label = t "keep" }
  return chat:choose(t "which", choices, { timeout = 1800 }).choice
end

return function(chat)
  consumer:set("language", guess_language(chat.opening.text))
  local ticket, problem = find(chat)
  if not ticket then return to_person(chat, problem) end
  chat:set("ticket", ticket.number)

  if ticket.state == "cancelled" then
    chat:say(t("cancelled", { train = ticket.train }))
  elseif ticket.state == "late" then
    chat:say(t("late", { train = ticket.train, minutes = ticket.minutes }))
  else
    chat:say(t("on_time", { train = ticket.train }))
    return chat:close "on time"
  end

  for _ = 1, 2 do
    local train = offer(chat, ticket)
    if train == "keep" and ticket.state == "late" then
      chat:say(t "kept")
      return chat:close "kept"
    end
    if not train or train == "keep" then break end
    local done = http.post(API .. ticket.number .. "/bookings", { json = { train = train } })
    if done.ok then
      chat:say(t("done", { time = i18n.format_date(time.parse(done.json.time), "time"), car = done.json.car, seat = done.json.seat }))
      return chat:close "rebooked"
    end
    if done.status ~= 409 then break end
    chat:say(t "full")
  end
  to_person(chat, "not rebooked", { train = ticket.train })
end
