-- Books, moves and cancels appointments. Slots are values of the brand's store:
-- who writes one first has it. Reminds the patient the day before.
local hours, schedule, store, text, time = require "hours", require "schedule", require "store", require "text", require "time"

local DAY = 24 * 60 * 60
local URGENT = { "chest pain", "cannot breathe", "bleeding", "unconscious" }
local TIMES = { "09:00", "10:30", "14:00", "16:30" }

local function urgent(said)
  for _, sign in ipairs(URGENT) do
    if text.contains(said, sign) then return sign end
  end
end

local function key(day, clock) return "slot/" .. day .. "T" .. clock end

-- Takes a slot for this patient; false when somebody was faster.
local function take(day, clock)
  return (store.set(key(day, clock), { patient = consumer.id }, { version = 0, ttl = 60 * DAY }))
end

local function free_times(day)
  local free = {}
  for _, clock in ipairs(TIMES) do
    if not store.get(key(day, clock)) then free[#free + 1] = clock end
  end
  return free
end

-- A weekday with a free slot, and the slot; nil when the patient gives up.
local function pick(chat)
  for _ = 1, 3 do
    local day = chat:ask("Which day suits you?", { kind = "date", min = "today", retries = 1, hint = "A day, please, such as tomorrow or 24.12." })
    if day.failed then return nil end
    local at = time.parse(day.value)
    if time.weekday(at) >= 6 then
      chat:say "We are closed at weekends."
    else
      local free = free_times(day.value)
      if #free == 0 then
        chat:say("On " .. time.format(at, "%A, %d %B") .. " everything is taken.")
      else
        local clock = chat:choose("These are free on " .. time.format(at, "%A, %d %B") .. ":", free)
        if clock.choice and take(day.value, clock.choice) then return day.value, clock.choice end
        chat:say "That one is gone."
      end
    end
  end
end

local function book(chat)
  local day, clock = pick(chat)
  if not day then
    if not hours.open("reception") then chat:say("The reception opens " .. hours.describe("reception") .. ".") end
    return chat:transfer{ skill = "reception", reason = "no appointment found", summary = "Looks for an appointment." }
  end
  local name = consumer.name or chat:ask("What is your full name?", { match = "%a+ %a+" }).text
  consumer:set("name", name)
  consumer:set("appointment", day .. " " .. clock)
  chat:say("Booked for " .. name .. ": " .. day .. " at " .. clock .. ". I remind you the day before.")
  schedule.at(time.parse(day) - 15 * 60 * 60, { name = "appointment", state = { day = day, clock = clock } })
  chat:close "booked"
end

local function cancel(chat)
  local day, clock = consumer.attributes.appointment:match("(%S+) (%S+)")
  store.remove(key(day, clock))
  schedule.cancel("appointment")
  consumer:set("appointment", nil)
  chat:say "Your appointment is cancelled."
end

local function remind(chat, appointment)
  local coming = chat:confirm("Tomorrow at " .. appointment.clock .. " you have an appointment. Will you come?", { timeout = 12 * 60 * 60 })
  if coming == false then return cancel(chat) end
  chat:say(coming and "See you tomorrow!" or "We expect you.")
end

return function(chat)
  if chat.followup == "appointment" then return remind(chat, chat.state) end
  local sign = urgent(chat.opening.text)
  if sign then
    chat:say "If this is an emergency, call 112 now. I get the nurse on duty."
    return chat:transfer{ skill = "emergency", priority = 1, reason = sign, summary = chat.opening.text }
  end
  chat:say "Hello, I am Cleo, the clinic's assistant."
  local booked = consumer.attributes.appointment
  if booked then
    local what = chat:choose("You have an appointment: " .. booked .. ".", { "Keep it", "Cancel it", "Another day" })
    if what.choice ~= "Another day" and what.choice ~= "Cancel it" then return chat:close "kept" end
    cancel(chat)
    if what.choice == "Cancel it" then return chat:close "cancelled" end
  end
  book(chat)
end
