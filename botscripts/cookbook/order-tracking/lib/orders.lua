-- What the bot knows of orders.
local http = require "http"

local orders = {}

-- The order, or nil and "unknown", "unavailable" or "interrupted".
function orders.find(number)
  local answer = http.get("https://orders.acme.example/orders/" .. number, { retries = 2, timeout = 8, interrupt = true })
  if answer.ok then return answer.json end
  if answer.interrupted then return nil, "interrupted" end
  return nil, answer.status == 404 and "unknown" or "unavailable"
end

-- One sentence about the order.
function orders.describe(order)
  if order.state == "shipped" then return "It left on " .. order.day .. " and should be with you in two days." end
  if order.state == "packed" then return "It is packed and leaves today." end
  return "We are still waiting for the goods. They are expected on " .. order.day .. "."
end

return orders
