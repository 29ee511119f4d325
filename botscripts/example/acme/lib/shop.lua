-- What the bot knows about the shop and about how people write.
local http = require "http"

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

local function has(text, words)
  for _, word in ipairs(words) do
    if text:find(word, 1, true) then return true end
  end
  return false
end

-- What a text is about: "order", "buy", "nothing" or "question".
function shop.topic(text)
  local t = " " .. text:lower():gsub("[^%w']+", " ") .. " "
  if shop.order_number(text) or has(t, { " order status ", " track", " my order ", " my parcel ", " my package " })
    and has(t, { " where ", " status ", " when ", " track", " arrive" }) then
    return "order"
  end
  if has(t, { " buy a bike ", " buy an e ", " buy a new ", " new bike ", " looking for a ", " which bike ", " recommend " }) then
    return "buy"
  end
  if has(t, { " no thanks ", " nothing ", " that's all ", " thats all ", " bye ", " goodbye " }) or t == " no " or t == " thanks " or t == " thank you " then
    return "nothing"
  end
  return "question"
end

-- Whether a text only says hello.
function shop.is_greeting(text)
  local t = text:lower():gsub("[^%w]+", " ")
  t = t:gsub("^ ", ""):gsub(" $", "")
  return has(" hi hello hey hallo hola bonjour moin start good morning good day good evening ", { " " .. t .. " " }) or t == ""
end

return shop
