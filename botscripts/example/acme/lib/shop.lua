-- What the bot knows about the shop and about how people write.
local http, i18n, intent = require "http", require "i18n", require "intent"

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
  local state = "order." .. order.status:gsub("[ -]", "_")
  return i18n.t("order.is", { number = order.number, items = table.concat(order.items, ", ") }) .. "\n"
    .. i18n.t(i18n.has(state) and state or "order.other", { carrier = order.carrier or "", eta = order.eta or "", status = order.status })
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
