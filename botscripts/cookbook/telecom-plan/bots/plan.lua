-- Finds a plan that fits and changes to it, with the price said before the yes.
local http, i18n, time = require "http", require "i18n", require "time"

local PLANS = {
  { id = "s", name = "Acme S", price = 9.99, data = 5 },
  { id = "m", name = "Acme M", price = 14.99, data = 20 },
  { id = "l", name = "Acme L", price = 24.99, data = 100 },
}

local function euros(amount) return i18n.format_money(amount, "EUR") end

local function suggest(needed, budget)
  local fitting = {}
  for _, plan in ipairs(PLANS) do
    if plan.data >= needed and (not budget or plan.price <= budget) then fitting[#fitting + 1] = plan end
  end
  return fitting
end

local function show(chat, plans)
  local cards, choices = {}, {}
  for i, plan in ipairs(plans) do
    cards[i] = { title = plan.name, subtitle = plan.data .. " GB for " .. euros(plan.price) .. " a month" }
    choices[i] = { id = plan.id, label = plan.name }
  end
  chat:carousel(cards)
  choices[#choices + 1] = { id = "none", label = "None of them" }
  return chat:choose("Which one would you like?", choices, { retries = 1 }).choice
end

local function by_id(id)
  for _, plan in ipairs(PLANS) do
    if plan.id == id then return plan end
  end
end

local function to_sales(chat, reason, facts)
  local outcome = chat:handoff{ skill = "sales", reason = reason, facts = facts, expects = { plan = "text" } }
  if outcome.fields.plan then chat:say("You have " .. outcome.fields.plan .. " now. Enjoy!") end
end

return function(chat)
  chat:say "I am Nora and help you to the plan that fits."
  local needed = chat:ask("How many gigabytes do you use in a month? A guess is enough.", { kind = "number", min = 0, hint = "A number such as 10.", retries = 1 })
  local budget = chat:ask("And what may it cost in a month?", { kind = "money", currency = "EUR", min = 1, retries = 1 })
  local most = budget.value and budget.value.amount
  local plans = suggest(needed.value or 5, most)
  if #plans == 0 then
    chat:say "None of our plans has that much for that price."
    if not chat:confirm "Shall a colleague make you an offer?" then return chat:close "no plan" end
    return to_sales(chat, "no plan fits", { data = needed.value or "not known", budget = most or "not known" })
  end

  local chosen = by_id(show(chat, plans))
  if not chosen then return to_sales(chat, "wants none of the plans") end
  local from = time.add(time.start_of_day(), { days = 1 })
  local yes = chat:confirm(chosen.name .. " for " .. euros(chosen.price) .. " a month from " .. i18n.format_date(from, "long") .. ", to be cancelled every month. Shall I change it?", { timeout = 3600 })
  if not yes then
    chat:say "Then everything stays as it is."
    return chat:close "not changed"
  end
  local done = http.put("https://plans.acme.example/customers/" .. consumer.id .. "/plan", {
    json = { plan = chosen.id, from = time.format(from, "date") }, retries = 3,
  })
  if not done.ok then return to_sales(chat, "change failed", { plan = chosen.name }) end
  consumer:set("plan", chosen.name)
  chat:say "It is changed. The contract is in your e-mail."
  chat:close "changed"
end
