-- Takes meter readings once a year, checks that they can be true, and comes back to
-- those who had no time.
local http, i18n, schedule = require "http", require "i18n", require "schedule"

local API, DAY = "https://meters.acme.example/meters/", 24 * 60 * 60

local function meter_number(chat)
  local known = consumer.attributes.meter
  if known and chat:confirm("Is it the meter " .. known .. "?") then return known end
  local answer = chat:ask("What is the number of the meter?", { kind = "pattern", pattern = "%d%d%d%d%d%d%d", hint = "Seven digits, below the bar code." })
  return answer.value
end

-- A reading that can be true, or nil. Readings grow, and rarely double.
local function reading(chat, last, usual)
  for try = 1, 3 do
    local answer = chat:ask("What does it say? Digits before the comma are enough.", { kind = "number", min = 0, hint = "Just the number, please.", timeout = 2 * DAY })
    if answer.timed_out then return nil, "later" end
    if answer.failed then return nil end
    local used = answer.value - last
    if used < 0 then
      chat:say("That is less than last time (" .. i18n.format_number(last) .. ").")
    elseif used > 2 * usual and try < 3 then
      if chat:confirm("That would be " .. i18n.format_number(used) .. " kWh, usually it is " .. i18n.format_number(usual) .. ". Is it right?") then return answer.value end
    else
      return answer.value
    end
  end
end

return function(chat)
  if chat.followup == "reading" then chat:say "Here I am again, about your meter." else chat:say "I am Uma and take your meter reading." end
  local number = meter_number(chat)
  if not number then return chat:transfer{ skill = "billing", reason = "no meter number" } end
  local meter = http.get(API .. number)
  if meter.status == 404 then
    chat:say "We do not have that meter."
    return chat:transfer{ skill = "billing", reason = "meter not known", facts = { meter = number } }
  end
  consumer:set("meter", number)
  local value, later = reading(chat, meter.json.last, meter.json.usual)
  if later then
    chat:say "No hurry, I ask again next week."
    schedule.after(7 * DAY, { name = "reading" })
    return chat:close "later"
  end
  if not value then
    local photo = chat:ask "Then please send a photo of the meter, and a colleague reads it."
    return chat:transfer{ skill = "billing", reason = "reading not clear", facts = { meter = number, photo = photo.media and photo.media[1].url or "none" } }
  end
  local sent = http.post(API .. number .. "/readings", {
    json = { value = value }, secrets = { Authorization = "Bearer {METERS_TOKEN}" }, retries = 3,
  })
  if not sent.ok then return chat:transfer{ skill = "billing", reason = "reading not stored", facts = { meter = number, reading = value } } end
  chat:say("Thank you! You used " .. i18n.format_number(value - meter.json.last) .. " kWh.")
  chat:close "read"
end
