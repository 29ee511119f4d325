-- Refills a prescription. The bot collects, a pharmacist approves, the bot tells.
local http, text = require "http", require "text"

local RX = "https://rx.acme.example/prescriptions/"

local function details(chat)
  return chat:form({
    { name = "number", prompt = "What is the number of the prescription?", kind = "pattern", pattern = "RX%-%d%d%d%d", hint = "It is on the label, such as RX-1234." },
    { name = "born", prompt = "And your date of birth?", kind = "date", max = "today" },
    { name = "count", prompt = "How many packs?", kind = "integer", min = 1, max = 3, hint = "1 to 3 packs." },
  }, { timeout = 3600 })
end

local function pick_up(chat, number)
  local how = chat:choose("How do you want to get it?", { { id = "shop", label = "Pick it up" }, { id = "home", label = "Bring it to me" } }, { retries = 1 })
  if how.choice ~= "home" then
    return chat:say "It is ready in an hour. Please bring your insurance card."
  end
  local address = consumer.attributes.home
  if not address or not chat:confirm("To " .. address .. "?") then
    address = chat:ask("To which address?", { match = "%d" }).text
    consumer:set("home", address)
  end
  local done = http.post(RX .. number .. "/deliveries", { json = { address = address } })
  chat:say(done.ok and "It is with you this evening." or "We cannot deliver today; please pick it up.")
end

return function(chat)
  chat:say "Hello, this is Phil of Acme Pharmacy. If you feel unwell, write \"person\" at any time."
  local wanted = details(chat)
  if not wanted then return chat:transfer{ skill = "pharmacists", reason = "refill not complete" } end

  local found = http.get(RX .. wanted.number, { headers = { Accept = "application/json" } })
  if found.status == 404 or (found.ok and found.json.born ~= wanted.born) then
    chat:say "I cannot find a prescription with these details."
    return chat:transfer{ skill = "pharmacists", reason = "prescription not found" }
  elseif not found.ok then
    chat:say "Our system does not answer at the moment."
    return chat:transfer{ skill = "pharmacists", reason = "system does not answer", facts = { number = wanted.number } }
  end
  chat:set("prescription", wanted.number)
  chat:set("medicine", found.json.medicine)

  local outcome = chat:handoff{
    skill = "pharmacists", reason = "refill to approve", priority = 3,
    summary = wanted.count .. " x " .. found.json.medicine,
    facts = { packs = wanted.count },
    expects = { approved = "boolean", advice = "text" },
    max_wait = 15 * 60,
  }
  if outcome.unavailable then
    chat:say "Our pharmacists are busy. We write to you here within two hours."
    return chat:transfer{ skill = "pharmacists", priority = 2, reason = "refill to approve, waited for 15 minutes" }
  end
  if not outcome.fields.approved then
    return chat:say "The pharmacist could not approve it. Please ask your doctor for a new prescription."
  end
  if outcome.fields.advice then chat:say("The pharmacist says: " .. text.trim(outcome.fields.advice)) end
  pick_up(chat, wanted.number)
  chat:survey "csat"
end
