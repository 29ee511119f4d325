-- Ava, the assistant of Acme Bikes. She looks up orders, answers from the FAQ,
-- finds out who wants to buy what, and hands over to people.
local faq, hours, i18n = require "faq", require "hours", require "i18n"
local language, sentiment = require "language", require "sentiment"
local shop = require "lib.shop"

local t = i18n.t
local MINUTE, DAY = 60, 24 * 60 * 60

-- How long a question waits. People put a telephone away; a web page is open or closed.
local patience = conversation.kind == "webchat" and 30 * MINUTE or 2 * DAY

-- Ends a conversation that fell silent. Nothing after it runs.
local function silent(chat)
  chat:say(t "silent")
  chat:close "no answer"
end

-- Choices whose labels stand together in i18n.
local function labels(group, ids)
  local choices = {}
  for i, id in ipairs(ids) do choices[i] = { id = id, label = t(group .. "." .. id) } end
  return choices
end

-- chat:ask and chat:choose with our patience.
local function ask(chat, prompt, options)
  options = options or {}
  options.timeout = patience
  local answer = chat:ask(prompt, options)
  if answer.timed_out then silent(chat) end
  return answer
end

local function choose(chat, prompt, choices)
  local answer = chat:choose(prompt, choices, { timeout = patience, retries = 1 })
  if answer.timed_out then silent(chat) end
  return answer.choice -- nil when they wrote something else twice
end

local function confirm(chat, prompt)
  local yes, why = chat:confirm(prompt, { timeout = patience, retries = 1 })
  if why == "timed_out" then silent(chat) end
  return yes
end

-- Yes or no, or nil and what they wrote instead: it is the next request.
local function agree(chat, prompt)
  local answer = ask(chat, prompt, { kind = "yes_no", retries = 0 })
  if answer.failed then return nil, answer end
  return answer.value
end

local function survey(chat, outcome)
  if outcome and outcome.agent then
    chat:say(t("survey.agent", { agent = outcome.agent }))
  end
  local answer = chat:survey("stars", { name = "csat", hint = t "survey.hint" })
  if not answer.value then return end
  if answer.value >= 4 then
    chat:say(t "survey.happy")
  else
    chat:tag "unhappy"
    chat:say(t "survey.unhappy")
  end
end

-- Hands over, waits for the people, and asks how it was. It is back when they
-- gave the conversation back to the bot.
local function hand_over(chat, request)
  local outcome = chat:handoff(request)
  if outcome.closed then
    survey(chat, outcome)
    return "closed"
  end
  chat:say(t "care.back")
end

local function to_care(chat, reason, summary)
  return hand_over(chat, { skill = "care", reason = reason, summary = summary })
end

local function order_status(chat, text)
  local number = shop.order_number(text)
  for _ = 1, 3 do
    if not number then
      local answer = ask(chat, t "order.number", { match = "%d%d%d%d%d", hint = t "order.digits" })
      if answer.failed then
        return to_care(chat, "no order number", "Asks about an order and does not have the number at hand.")
      end
      number = answer.text:match("%d%d%d%d%d")
    end
    chat:typing(true)
    local order, problem = shop.find_order(number)
    if order then
      chat:set("order", number)
      chat:set("order status", order.status)
      chat:say(shop.describe(order))
      return
    end
    if problem == "unavailable" then
      chat:say(t "order.unreachable")
      if confirm(chat, t "order.colleague") then
        return to_care(chat, "order system not available", "Wants to know how order " .. number .. " stands.")
      end
      return
    end
    local next_step = choose(chat, t("order.unknown", { number = number }), labels("order", { "again", "person", "leave" }))
    if next_step == "leave" then return end
    if next_step ~= "again" then break end
    number = nil
  end
  chat:set("order", number)
  return to_care(chat, "order not found", "Asks about an order whose number we do not find.")
end

local function buy(chat)
  chat:say(t "buy.start")
  local use = choose(chat, t "buy.use", labels("buy", { "city", "touring", "gravel", "mountain", "family" })) or "not sure"
  chat:set("use", use)
  local budget = ask(chat, t "buy.budget", { match = "%d%d%d", hint = t "buy.budget_hint", retries = 1 })
  chat:set("budget", budget.failed and "not sure" or budget.text)
  local height = ask(chat, t "buy.height", { match = "[12][%.,]?%d%d", hint = t "buy.height_hint", retries = 1 })
  chat:set("height", height.failed and "not sure" or height.text)
  chat:tag "buyer"

  if not hours.open("sales") and not confirm(chat, t "buy.closed") then
    chat:say(t "buy.later")
    return
  end
  return hand_over(chat, {
    skill = "sales",
    reason = "wants to buy a bike",
    summary = "Looks for a bike (" .. use .. "), budget " .. budget.text .. ", height " .. height.text .. ".",
  })
end

local function care(chat)
  local problem = ask(chat, t "care.problem")
  local number = shop.order_number(problem.text)
  if not number and confirm(chat, t "care.order") then
    local answer = ask(chat, t "care.number")
    number = shop.order_number(answer.text) or "not at hand"
  end
  if number then chat:set("order", number) end
  chat:set("problem", problem.text)
  return to_care(chat, "asked for a person", problem.text)
end

-- Answers a question. Gives whether the conversation is over, and what they
-- wrote instead of yes or no. insists says that text came so: then a person,
-- whom they did not want, is not offered again.
local function question(chat, text, insists)
  local hit = faq.search(text)
  if hit then
    chat:say(hit.answer)
    local helped, instead = agree(chat, t "answer.helped")
    if instead then return nil, instead end
    faq.feedback(hit, helped)
    if helped then
      chat:tag "answered by FAQ"
      return
    end
  end
  if not hit and insists then
    chat:say(t "answer.unknown_too")
    return
  end
  local yes, instead = agree(chat, t(hit and "answer.offer" or "answer.unknown"))
  if yes then
    chat:set("problem", text)
    return to_care(chat, hit and "the answer did not help" or "the bot has no answer", text)
  end
  return nil, instead
end

-- Offers a person to somebody who does not answer us and sounds angry. The tone
-- alone is a guess. text is what it was about. Gives the same as question.
local function comfort(chat, text)
  local yes, instead = agree(chat, t "answer.angry")
  if yes then
    chat:set("problem", text)
    return to_care(chat, "sounds unhappy", text)
  end
  return nil, instead
end

-- Speaks the language that somebody writes in. One or two words tell too little.
local function speak(text)
  local code = text:find("%S%s+%S+%s+%S") and language.detect(text)
  if code and code ~= i18n.language() then consumer:set("language", code) end
end

---@param chat parley.Chat
local function run(chat)
  if chat.opening then speak(chat.opening.text) end -- before the greeting
  local name = consumer.name and (" " .. consumer.name) or ""
  chat:say(t("hello", { name = name, word = t "word" }))

  -- Whoever starts with a question is not asked what it is.
  local request = chat.opening
  if request and (request.text == "" or shop.topic(request.text) == "hello") then request = nil end
  local prompt, comforted, instead, matter = t "what", false, nil, nil

  for _ = 1, 20 do
    request = request or ask(chat, {
      text = prompt,
      choices = labels("menu", { "order", "question", "buy", "person" }),
    })
    if not request.choice then speak(request.text) end
    local topic, ended, insists = request.choice or shop.topic(request.text), nil, instead ~= nil
    instead = nil
    if insists and not comforted and topic ~= "person" and sentiment.conversation().label == "negative" then
      comforted = true
      ended, instead = comfort(chat, matter or request.text)
    elseif topic == "order" then
      ended = order_status(chat, request.text)
    elseif topic == "buy" then
      ended = buy(chat)
    elseif topic == "person" then
      ended = care(chat)
    elseif topic == "hello" then -- is asked again
    elseif topic == "nothing" then
      chat:say(t "welcome")
      return chat:close "answered"
    elseif request.choice == "question" then
      ended, instead = question(chat, ask(chat, t "question").text)
    else
      ended, instead = question(chat, request.text, insists)
    end
    if ended then return end
    matter = request.text
    request, prompt = instead, t "else"
  end
  chat:handoff { skill = "care", reason = "a long conversation", summary = "The bot has answered twenty requests in a row." }
end

-- closed runs when an agent ends a conversation that was handed over by "agent".
return { run = run, closed = survey }
