-- Takes reservations. Each evening has 20 seats, counted in the brand's store.
local schedule, store, text, time = require "schedule", require "store", require "text", require "time"

local SEATS = 20

-- Takes the seats of an evening, or says how many are left. Two bots may do it
-- at once, so it tries again when the number changed meanwhile.
local function take(day, guests)
  for _ = 1, 3 do
    local taken, version = store.get("seats/" .. day)
    local left = SEATS - (taken or 0)
    if guests > left then return false, left end
    if store.set("seats/" .. day, (taken or 0) + guests, { version = version, ttl = 90 * 24 * 3600 }) then return true end
  end
  return false, 0
end

local function remind(chat, table_)
  local coming = chat:confirm("Tonight at " .. table_.clock .. " we expect you with " .. table_.guests .. ". Still coming?", { timeout = 3 * 3600 })
  if coming == false then
    store.increment("seats/" .. table_.day, -table_.guests)
    return chat:say "Thank you for telling us. Another time!"
  end
  chat:say "See you tonight!"
end

local function open_day(day)
  return time.weekday(time.parse(day)) ~= 1 or "We are closed on Mondays. Which other day suits you?"
end

return function(chat)
  if chat.followup then return remind(chat, chat.state) end
  chat:say "Buona sera! I am Gina and take reservations."
  local guests = chat:ask("For how many?", { kind = "integer", min = 1, hint = "Just the number, please." })
  if guests.failed then return chat:transfer{ reason = "number of guests not clear" } end
  if guests.value > 8 then
    chat:say "For more than eight we make you an offer."
    return chat:transfer{ skill = "host", reason = "large group", facts = { guests = guests.value } }
  end

  for _ = 1, 3 do
    local day = chat:ask("Which day?", { kind = "date", min = "today", hint = "A day from today on, such as Friday.", check = open_day })
    if day.failed then return chat:transfer{ reason = "day not clear" } end
    local at = time.parse(day.value)
    local clock = chat:ask("At what time?", { kind = "time", min = "17:00", max = "21:30", hint = "We seat from 17:00 to 21:30." })
    if clock.failed then return chat:transfer{ reason = "time not clear" } end
    local ok, left = take(day.value, guests.value)
    if ok then
      local phone = chat:ask("A telephone number, in case something happens?", { kind = "phone", region = "DE", retries = 1 })
      if not phone.failed then consumer:set("phone", phone.value) end
      local who = text.title(chat:ask("And the name?").text)
      local booking = { day = day.value, clock = clock.value, guests = guests.value }
      schedule.at(time.add(at, { hours = 12 }), { name = "tonight", state = booking })
      chat:say(who .. ", " .. guests.value .. " people, " .. time.format(at, "%A %d %B") .. " at " .. clock.value .. ". A presto!")
      return chat:close "booked"
    end
    chat:say("That evening only " .. left .. " seats are left.")
  end
  chat:transfer{ skill = "host", reason = "no table found", facts = { guests = guests.value } }
end
