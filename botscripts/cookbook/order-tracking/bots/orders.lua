-- "Where is my order?", the question that shops hear most. Remembers the order,
-- asks two days later whether it came, and offers that before anything else.
local schedule, text = require "schedule", require "text"
local orders = require "lib.orders"

local DAY = 24 * 60 * 60

local function arrived(chat, number)
  local yes, why = chat:confirm("Has your order " .. number .. " arrived?", { timeout = 3 * DAY, escape = false })
  if why then return chat:close "no answer" end
  if yes then
    chat:say "Enjoy it!"
    return chat:close "arrived"
  end
  local outcome = chat:handoff{ skill = "care", reason = "order did not arrive", facts = { order = number }, max_wait = 1800 }
  if outcome.unavailable then
    chat:say "Nobody is free at the moment. We write to you tomorrow morning."
    schedule.after(DAY, { name = "arrived", state = { order = number } })
  end
end

local function tell(chat, number)
  chat:typing()
  local order, problem = orders.find(number)
  if problem == "interrupted" then
    -- What they wrote meanwhile is the answer to the next question.
    local said = chat:ask "One moment, our order system is slow today."
    if text.contains(said.text, "never mind") then return chat:close "left" end
    order, problem = orders.find(number)
  end
  if problem == "unknown" then
    chat:say("There is no order " .. number .. ".")
    return false
  end
  if not order then
    chat:say "Our order system does not answer."
    return chat:transfer{ skill = "care", reason = "order system does not answer", facts = { order = number } }
  end
  consumer:set("last_order", number)
  chat:say(orders.describe(order))
  if order.state == "shipped" then
    schedule.after(2 * DAY, { name = "arrived", state = { order = number } })
    chat:say "I will ask you in two days whether it came."
  end
  return true
end

return function(chat)
  if chat.followup == "arrived" then return arrived(chat, chat.state.order) end

  local number = chat.opening.text:match("%d%d%d%d%d")
  local last = consumer.attributes.last_order
  if not number and last and chat:confirm("Is it about your order " .. last .. "?") then number = last end
  for _ = 1, 3 do
    if not number then
      local answer = chat:ask("What is the order number?", { kind = "pattern", pattern = "%d%d%d%d%d", hints = { "Five digits, please.", "It is in the e-mail that we sent: five digits." } })
      if answer.failed then break end
      number = answer.value
    end
    if tell(chat, number) then return chat:close "answered" end
    number = nil
  end
  chat:transfer{ skill = "care", reason = "order not found" }
end
