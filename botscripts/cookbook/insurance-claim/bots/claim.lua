-- Takes a claim: what, when, where, photos, how much. Small ones are paid at once,
-- large ones and those with injured people go to adjusters who know the trade.
local http = require "http"

local WEEK = 7 * 24 * 60 * 60
local SMALL = 300

local function photos(chat)
  local urls = {}
  for _ = 1, 5 do
    local sent = chat:ask(#urls == 0 and "Please send photos of the damage. Say \"done\" when that is all." or "Another one, or \"done\".", { timeout = WEEK })
    if sent.timed_out then break end
    for _, medium in ipairs(sent.media or {}) do urls[#urls + 1] = medium.url end
    if not sent.media then break end
  end
  return urls
end

local function place(chat)
  local answer = chat:ask("Where did it happen? You may send your location.")
  if answer.location then return answer.location.lat .. "," .. answer.location.lon end
  return answer.text
end

local function injured(chat)
  chat:say "I am very sorry. Somebody calls you at once."
  chat:tag "injury"
  local phone = chat:ask("On which number?", { kind = "phone", region = "DE", escape = false })
  return chat:transfer{ skill = "claims", level = 3, priority = 1, reason = "somebody is injured", facts = { phone = phone.value or phone.text } }
end

return function(chat)
  chat:say "I am Ina and take your claim. You can pause at any time; I keep everything."
  if chat:confirm "Is anybody injured?" then return injured(chat) end

  local kind = chat:choose("What is damaged?", { "Car", "Home", "Bicycle", "Something else" })
  local day = chat:ask("When did it happen?", { kind = "date", max = "today", timeout = WEEK, hint = "A day in the past, such as yesterday or 20.11." })
  if not day.value then return chat:transfer{ skill = "claims", reason = "claim not complete" } end
  local where = place(chat)
  local what = chat:ask "In a few sentences: what happened?"
  local urls = photos(chat)
  local amount = chat:ask("About how much is the damage?", { kind = "money", currency = "EUR", min = 1, retries = 1 })
  local email = chat:ask("To which e-mail address may we write?", { kind = "email", hint = "That does not look like an address." })

  local worth = amount.value and amount.value.amount
  local claim = {
    kind = kind.label or "Something else", day = day.value, place = where, story = what.text,
    photos = urls, amount = worth, email = email.value,
  }
  local filed = http.post("https://claims.acme.example/claims", { json = claim, retries = 3 })
  if not filed.ok then
    chat:note("The claim could not be filed: " .. (filed.error or filed.status))
    return chat:transfer{ skill = "claims", reason = "claim not filed", summary = what.text, facts = { day = day.value, place = where } }
  end
  chat:set("claim", filed.json.number)
  if worth and worth <= SMALL and #urls > 0 then
    chat:say("Your claim " .. filed.json.number .. " is accepted. The money is with you in three days.")
    return chat:close "paid"
  end

  chat:say("Your claim has the number " .. filed.json.number .. ". An adjuster looks at it now.")
  local outcome = chat:handoff{
    skill = "claims", level = 2, reason = "claim to decide", summary = what.text,
    facts = { kind = claim.kind, amount = worth or "not known", photos = #urls },
    expects = { accepted = "boolean", amount = "number" },
  }
  if outcome.fields.accepted then
    chat:say "Your claim is accepted."
  elseif outcome.closed then
    chat:say "We write to you why we decided so, and how you can object."
  else
    chat:say "The adjuster needs more time and writes to you by e-mail."
  end
end
