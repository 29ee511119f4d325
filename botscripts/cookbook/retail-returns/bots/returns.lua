-- Takes back what a customer does not want: checks the order, asks why, gives a
-- label, and gets a person for damaged goods.
local faq, http = require "faq", require "http"

local HOUR = 60 * 60
local SHOP = "https://shop.acme.example/orders/"

-- The order, or nil when it cannot be found in three tries or the shop is down.
local function find_order(chat)
  for _ = 1, 3 do
    local number = chat:ask("What is your order number?", {
      kind = "pattern", pattern = "%u%u%-%d%d%d%d", timeout = 24 * HOUR,
      hint = "Two letters, a dash and four digits, such as AF-1234.",
    })
    if number.timed_out then chat:close("no answer") end
    if number.failed then return nil, "no order number" end
    local found = http.get(SHOP .. number.value, { retries = 1 })
    if found.ok then return found.json end
    if found.status ~= 404 then return nil, "shop not available" end
    chat:say("I cannot find an order " .. number.value .. ".")
  end
  return nil, "order not found"
end

-- A person looks at damaged goods and says what to refund.
local function damaged(chat, order, item)
  local photo = chat:ask("I am sorry! Please send a photo of the damage, or say that you have none.", { timeout = HOUR })
  local outcome = chat:handoff{
    skill = "returns", reason = "damaged", priority = 3,
    summary = item .. " of order " .. order.number .. " arrived damaged.",
    facts = { order = order.number, item = item, photo = photo.media and "yes" or "no" },
    expects = { refund = "number" },
  }
  if outcome.resolved and outcome.fields.refund then
    return chat:say "We have refunded you. Keep the item, or give it away."
  end
  chat:say "Thank you for your patience."
end

local function take_back(chat)
  local order, problem = find_order(chat)
  if not order then
    return chat:transfer{ skill = "returns", reason = problem, summary = "Wants to return something." }
  end
  chat:set("order", order.number)
  if order.days > 30 then
    chat:say "That order is older than 30 days, so I cannot take it back myself."
    if not chat:confirm "Shall a colleague have a look?" then return chat:close "refused" end
    return chat:transfer{ skill = "returns", reason = "after 30 days" }
  end

  local item = chat:choose("Which item is it?", order.items)
  if item.failed then return chat:transfer{ skill = "returns", reason = "item not clear" } end
  local reason = chat:choose("What is wrong with it?", {
    { id = "size", label = "It does not fit" },
    { id = "taste", label = "I do not like it" },
    { id = "damaged", label = "It is damaged" },
  })
  if reason.choice == "damaged" then return damaged(chat, order, item.label) end

  local label = http.post(SHOP .. order.number .. "/returns", {
    json = { item = item.label, reason = reason.choice or "other" }, retries = 2,
  })
  if not label.ok then
    return chat:transfer{ skill = "returns", reason = "no label", facts = { item = item.label } }
  end
  chat:file(label.json.url, "label.pdf")
  chat:say "Print the label and bring the parcel to any post office. Your money is back within five days."
  chat:close("label sent", "Returns " .. item.label .. ".")
end

return function(chat)
  local hit = faq.search(chat.opening.text)
  if hit then
    chat:say(hit.answer)
    if not chat:confirm "Do you want to return something now?" then return chat:close "answered" end
  end
  take_back(chat)
end
