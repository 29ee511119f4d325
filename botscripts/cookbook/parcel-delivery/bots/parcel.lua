-- Tells where a parcel is and lets the consumer say where it shall go.
local http = require "http"

local API = "https://parcels.acme.example/parcels/"

local function number_in(said) return said:upper():match("AP%d%d%d%d%d%d") end

local function find(chat)
  local number = number_in(chat.opening.text)
  if not number then
    local answer = chat:ask("What is the parcel's number?", {
      kind = "pattern", pattern = "[Aa][Pp]%d%d%d%d%d%d", retries = 1, hint = "It begins with AP and has six digits.",
    })
    if answer.failed then return nil, "no parcel number" end
    number = answer.value:upper()
  end
  local found = http.get(API .. number, { retries = 2, interrupt = true })
  if found.interrupted then return nil, "would not wait" end
  if found.ok then return found.json end
  return nil, found.status == 404 and "parcel not known" or "parcel system does not answer"
end

local function redirect(chat, parcel, change, done)
  local answer = http.patch(API .. parcel.number, { json = change })
  if answer.ok then
    chat:say(done)
    return chat:close "redirected"
  end
  chat:say(answer.status == 409 and "The van is already on its way, so I cannot change that." or "That did not work.")
  chat:transfer{ skill = "delivery", reason = "redirect refused", facts = { parcel = parcel.number } }
end

local function on_its_way(chat, parcel)
  local what = chat:choose("It comes " .. parcel.eta .. ". Shall it go somewhere else?", {
    { id = "stay", label = "No, that is fine" },
    { id = "neighbour", label = "To a neighbour" },
    { id = "address", label = "To another address" },
  }, { timeout = 3600, retries = 1 })
  if what.choice == "neighbour" then
    local name = chat:ask "What is the neighbour's name?"
    return redirect(chat, parcel, { neighbour = name.text }, "We ring at " .. name.text .. "'s.")
  elseif what.choice == "address" then
    local to = chat:run("address", { why = "Where shall it go?" })
    if not to then return chat:transfer{ skill = "delivery", reason = "no address", facts = { parcel = parcel.number } } end
    return redirect(chat, parcel, to, "It goes to " .. to.street .. " in " .. to.town .. ".")
  end
  chat:close "answered"
end

return function(chat)
  local parcel, problem = find(chat)
  if not parcel then
    chat:say "I get somebody who can look."
    return chat:transfer{ skill = "delivery", reason = problem, summary = chat.opening.text }
  end
  chat:set("parcel", parcel.number)
  if parcel.state == "moving" then return on_its_way(chat, parcel) end

  chat:say("It was delivered " .. parcel.eta .. " to " .. parcel.to .. ".")
  local have = chat:confirm("Do you have it?", { timeout = 86400 })
  if have == false then
    local outcome = chat:handoff{
      skill = "delivery", reason = "delivered but not there", facts = { to = parcel.to },
      expects = { found = "boolean" },
      max_wait = 3600,
    }
    if outcome.unavailable then return chat:say "Nobody is free. We look for it and write to you tomorrow." end
    if outcome.fields.found then return chat:say "I am glad that it is there." end
    return chat:say "I am sorry. We pay for it; an e-mail tells you how."
  end
  chat:close "answered"
end
