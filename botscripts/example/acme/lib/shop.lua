-- What the bot knows about the shop and about how people write.
local http, intent = require "http", require "intent"

local shop = {}

-- The order number in a text, or nil: five digits that stand alone.
function shop.order_number(text)
  return (" " .. text .. " "):match("%D(%d%d%d%d%d)%D")
end

-- Asks the order service. Gives the order, or nil and "unknown" or "unavailable".
function shop.find_order(number)
  local answer = http.get("https://orders.acme.example/orders/" .. number, { timeout = 8 })
  if answer.ok and answer.json then return answer.json end
  if answer.status == 404 then return nil, "unknown" end
  return nil, "unavailable"
end

-- One message that tells how an order stands.
function shop.describe(order)
  local lines = { "Order " .. order.number .. ": " .. table.concat(order.items, ", ") .. "." }
  if order.status == "shipped" then
    lines[2] = "It is on its way with " .. order.carrier .. " and should arrive on " .. order.eta .. "."
  elseif order.status == "being built" then
    lines[2] = "Our workshop is building it. We expect to deliver on " .. order.eta .. "."
  elseif order.status == "ready for pick-up" then
    lines[2] = "It is ready for you at Lindenufer 12. Please bring the order number."
  else
    lines[2] = "It was " .. order.status .. "."
  end
  return table.concat(lines, "\n")
end

-- What a text is about: "order", "buy", "person", "nothing", "hello" or
-- "question". What nobody knows for sure goes to the FAQ, which says so itself.
function shop.topic(text)
  if shop.order_number(text) then return "order" end
  local wish = intent.classify(text)
  if wish.confidence < 0.8 then return "question" end
  if wish.name == "order_status" then return "order" end
  if wish.name == "buy_bike" then return "buy" end
  if wish.name == "talk_to_person" then return "person" end
  if wish.name == "nothing_else" then return "nothing" end
  if wish.name == "greeting" then return "hello" end
  return "question"
end

return shop
