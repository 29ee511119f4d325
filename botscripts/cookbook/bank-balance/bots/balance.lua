-- Tells balances and payments, after it knows who asks. Three wrong answers lock
-- the way through the bot for a day, whatever conversation they came in.
local http, i18n, queue, store, text = require "http", require "i18n", require "queue", require "store", require "text"

local API, DAY = "https://api.bank.example/customers/", 24 * 60 * 60

local function tries_key() return "tries/" .. consumer.id end

local function to_person(chat, reason)
  local status = queue.status("accounts")
  if status.expected and status.expected > 300 then
    chat:say("It takes about " .. math.ceil(status.expected / 60) .. " minutes until somebody is free.")
  end
  return chat:transfer{ skill = "accounts", reason = reason }
end

-- The customer's number, once they have shown who they are; nil otherwise.
local function identify(chat)
  for _ = 1, 3 do
    local number = chat:ask("What is your customer number?", { kind = "pattern", pattern = "^%d%d%d%d%d%d$", hint = "Six digits, please.", timeout = 600 })
    if not number.value then return nil end
    local born = chat:ask("And your date of birth?", { kind = "date", max = "today", hint = "Such as 24.12.1980.", timeout = 600 })
    if not born.value then return nil end
    local check = http.post(API .. number.value .. "/checks", { json = { born = born.value } })
    if check.ok then
      store.remove(tries_key())
      return number.value
    end
    if check.status ~= 403 then return nil, "bank system does not answer" end
    if store.increment(tries_key(), 1, { ttl = DAY }) >= 3 then return nil, "three wrong answers" end
    chat:say "These two do not belong together."
  end
end

local function show(chat, number)
  local accounts = http.get(API .. number .. "/accounts")
  if not accounts.ok then return to_person(chat, "bank system does not answer") end
  for _, account in ipairs(accounts.json) do
    chat:say(text.mask(account.iban) .. ": " .. i18n.format_money(account.balance, account.currency))
  end
  local more = chat:choose("What else?", { { id = "payments", label = "Last payments" }, { id = "done", label = "Nothing" } }, { timeout = 300, retries = 1 })
  if more.choice == "payments" then
    local payments = http.get(API .. number .. "/payments", { query = { limit = 3 } })
    local lines = {}
    for i, payment in ipairs(payments.json or {}) do
      lines[i] = payment.day .. "  " .. payment.to .. "  " .. i18n.format_money(payment.amount, "EUR")
    end
    chat:say(#lines > 0 and table.concat(lines, "\n") or "There are no payments.")
  end
  chat:close "answered"
end

return function(chat)
  chat:say "I am Ben, Acme Bank's assistant."
  if (store.get(tries_key()) or 0) >= 3 then
    chat:say "For your safety I cannot help you today."
    return to_person(chat, "locked after three wrong answers")
  end
  local number, problem = identify(chat)
  if not number then
    chat:say "I could not make sure who you are."
    return to_person(chat, problem or "not identified")
  end
  show(chat, number)
end
