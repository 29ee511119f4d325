-- Books a room: dates, guests, a quote that holds for ten minutes, payment by link.
local http, i18n, time = require "http", require "i18n", require "time"

local API = "https://rooms.acme.example/"

local function stay(chat)
  local from = chat:ask("When do you arrive?", { kind = "date", min = "today", hint = "A day from today on, such as 24.12." })
  if from.failed then return nil end
  local nights = chat:ask("For how many nights?", { kind = "integer", min = 1, max = 30, hint = "1 to 30 nights." })
  if nights.failed then return nil end
  local guests = chat:ask("And how many guests?", { kind = "integer", min = 1, max = 4, hint = "Up to 4 in one room." })
  if guests.failed then return nil end
  return { from = from.value, nights = nights.value, guests = guests.value }
end

local function describe(wish)
  local from = time.parse(wish.from)
  return i18n.format_date(from, "full") .. " to " .. i18n.format_date(time.add(from, { days = wish.nights }), "full")
end

-- The room that the guest takes, or nil.
local function choose_room(chat, rooms)
  local choices = {}
  for _, room in ipairs(rooms) do
    choices[#choices + 1] = { id = room.id, label = room.name .. ", " .. i18n.format_money(room.price, "EUR") }
  end
  local answer = chat:choose("These rooms are free:", choices, { timeout = 600, retries = 1 })
  if answer.timed_out then
    chat:say "I could hold these prices for ten minutes only. Write again when you are back!"
    return chat:close "no answer"
  end
  return answer.choice
end

local function pay(chat, booking)
  chat:card{ title = "Booking " .. booking.number, subtitle = "Please pay within a day.", links = { { label = "Pay", url = booking.pay } } }
  -- The desk's system knows when the guest has paid; we look every six hours.
  for _ = 1, 4 do
    chat:wait(6 * 60 * 60)
    local state = http.get(API .. "bookings/" .. booking.number)
    if state.ok and state.json.paid then
      chat:say("Thank you! We look forward to you. Your number is " .. booking.number .. ".")
      return chat:close("booked", "Paid.")
    end
  end
  http.delete(API .. "bookings/" .. booking.number)
  chat:say "Nobody paid, so I let the room go."
  chat:close "not paid"
end

return function(chat)
  chat:say "Welcome to Hotel Acme! I am Hugo."
  local wish = stay(chat)
  if not wish then return chat:transfer{ skill = "desk", reason = "booking not clear" } end
  local quote = http.post(API .. "quotes", { json = wish, timeout = 15 })
  if not quote.ok then return chat:transfer{ skill = "desk", reason = "room system does not answer", facts = wish } end
  if #quote.json.rooms == 0 then
    chat:say("From " .. describe(wish) .. " we are full.")
    if chat:confirm "Shall the front desk look for something?" then
      return chat:transfer{ skill = "desk", reason = "full", facts = wish }
    end
    return chat:close "full"
  end
  chat:say("From " .. describe(wish) .. ":")
  local room = choose_room(chat, quote.json.rooms)
  if not room then return chat:transfer{ skill = "desk", reason = "no room chosen", facts = wish } end
  local name = consumer.name or chat:ask("Under which name?").text
  local email = chat:ask("And your e-mail address?", { kind = "email" })
  local booking = http.post(API .. "bookings", { json = { quote = quote.json.id, room = room, name = name, email = email.value } })
  if not booking.ok then
    chat:say "That room has just gone."
    return chat:transfer{ skill = "desk", reason = "booking failed", facts = wish }
  end
  pay(chat, booking.json)
end
