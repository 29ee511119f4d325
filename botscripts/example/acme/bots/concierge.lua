-- Ava, the assistant of Acme Bikes. She looks up orders, answers from the FAQ,
-- finds out who wants to buy what, and hands over to people.
local faq, hours, sentiment = require "faq", require "hours", require "sentiment"
local shop = require "lib.shop"

local MINUTE, DAY = 60, 24 * 60 * 60

-- How long a question waits. People put a telephone away; a web page is open or closed.
local patience = conversation.kind == "webchat" and 30 * MINUTE or 2 * DAY

-- Ends a conversation that fell silent. Nothing after it runs.
local function silent(chat)
  chat:say "I have not heard from you for a while, so I close this conversation. Just write again whenever you like!"
  chat:close "no answer"
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
    chat:say("You were talking to " .. outcome.agent .. ". Thank you for writing to Acme Bikes!")
  end
  local answer = chat:survey("stars", { name = "csat", hint = "From 1 to 5 stars, please." })
  if not answer.value then return end
  if answer.value >= 4 then
    chat:say "Thank you! We are glad to hear that. Have a good ride!"
  else
    chat:tag "unhappy"
    chat:say "Thank you for telling us. We read every answer, and we will do better."
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
  chat:say "Ava again, the virtual assistant."
end

local function to_care(chat, reason, summary)
  return hand_over(chat, { skill = "care", reason = reason, summary = summary })
end

local function order_status(chat, text)
  local number = shop.order_number(text)
  for _ = 1, 3 do
    if not number then
      local answer = ask(chat, "What is your order number? It has five digits and stands in our e-mail.",
        { match = "%d%d%d%d%d", hint = "I am looking for five digits in a row, such as 10001." })
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
      chat:say "I cannot reach our order system at the moment."
      if confirm(chat, "Shall a colleague look it up for you?") then
        return to_care(chat, "order system not available", "Wants to know how order " .. number .. " stands.")
      end
      return
    end
    local next_step = choose(chat, "I cannot find an order " .. number .. ".", {
      { id = "again", label = "Try another number" },
      { id = "person", label = "Ask a colleague" },
      { id = "leave", label = "Never mind" },
    })
    if next_step == "leave" then return end
    if next_step ~= "again" then break end
    number = nil
  end
  chat:set("order", number)
  return to_care(chat, "order not found", "Asks about an order whose number we do not find.")
end

local function buy(chat)
  chat:say "Great! Three short questions, and our bike advisers can suggest something that fits."
  local use = choose(chat, "What will you use the bike for most?", {
    { id = "city", label = "City and commuting" },
    { id = "touring", label = "Tours and trekking" },
    { id = "gravel", label = "Gravel and sport" },
    { id = "mountain", label = "Mountains" },
    { id = "family", label = "Children and cargo" },
  }) or "not sure"
  chat:set("use", use)
  local budget = ask(chat, "And about how much would you like to spend, in euros?",
    { match = "%d%d%d", hint = "A rough number is enough, such as 1500.", retries = 1 })
  chat:set("budget", budget.failed and "not sure" or budget.text)
  local height = ask(chat, "How tall are you, in centimetres? It tells us the frame size.",
    { match = "[12][%.,]?%d%d", hint = "Such as 178.", retries = 1 })
  chat:set("height", height.failed and "not sure" or height.text)
  chat:tag "buyer"

  if not hours.open("sales") and not confirm(chat, "Our advisers are not in right now. Shall I pass this on, so that they write to you here when they are back?") then
    chat:say "All right. You find all our bikes at acme.example, and can book a test ride there."
    return
  end
  return hand_over(chat, {
    skill = "sales",
    reason = "wants to buy a bike",
    summary = "Looks for a bike (" .. use .. "), budget " .. budget.text .. ", height " .. height.text .. ".",
  })
end

local function care(chat)
  local problem = ask(chat, "Of course. In one or two sentences: what is it about?")
  local number = shop.order_number(problem.text)
  if not number and confirm(chat, "Is it about an order?") then
    local answer = ask(chat, "What is the order number? If you do not have it, just say so.")
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
    local helped, instead = agree(chat, "Did that help?")
    if instead then return nil, instead end
    faq.feedback(hit, helped)
    if helped then
      chat:tag "answered by FAQ"
      return
    end
  end
  if not hit and insists then
    chat:say "I am afraid I do not know that either."
    return
  end
  local offer = "Shall I get a colleague for you?"
  if not hit then offer = "I am afraid I do not know that. " .. offer end
  local yes, instead = agree(chat, offer)
  if yes then
    chat:set("problem", text)
    return to_care(chat, hit and "the answer did not help" or "the bot has no answer", text)
  end
  return nil, instead
end

-- Offers a person to somebody who does not answer us and sounds angry. The tone
-- alone is a guess. text is what it was about. Gives the same as question.
local function comfort(chat, text)
  local yes, instead = agree(chat, "I am sorry that this is not going well. Shall I get a colleague for you?")
  if yes then
    chat:set("problem", text)
    return to_care(chat, "sounds unhappy", text)
  end
  return nil, instead
end

---@param chat parley.Chat
local function run(chat)
  local name = consumer.name and (" " .. consumer.name) or ""
  chat:say("Hi" .. name .. "! I'm Ava, the virtual assistant of Acme Bikes. I am a bot; write \"agent\" at any time to reach a person.")

  -- Whoever starts with a question is not asked what it is.
  local request = chat.opening
  if request and (request.text == "" or shop.topic(request.text) == "hello") then request = nil end
  local prompt, comforted, instead, matter = "What can I do for you?", false, nil, nil

  for _ = 1, 20 do
    request = request or ask(chat, {
      text = prompt,
      choices = {
        { id = "order", label = "Order status" },
        { id = "question", label = "Ask a question" },
        { id = "buy", label = "Buy a bike" },
        { id = "person", label = "Talk to someone" },
      },
    })
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
      chat:say "You're welcome. Have a good ride!"
      return chat:close "answered"
    elseif request.choice == "question" then
      ended, instead = question(chat, ask(chat, "Go ahead, what would you like to know?").text)
    else
      ended, instead = question(chat, request.text, insists)
    end
    if ended then return end
    matter = request.text
    request, prompt = instead, "Is there anything else I can do for you?"
  end
  chat:handoff { skill = "care", reason = "a long conversation", summary = "The bot has answered twenty requests in a row." }
end

-- closed runs when an agent ends a conversation that was handed over by "agent".
return { run = run, closed = survey }
