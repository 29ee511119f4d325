-- Finds out whether the line is down for everybody or at home only, walks through
-- the usual remedies, and writes when the line is up again.
local http, schedule = require "http", require "schedule"

local API, HOUR = "https://net.acme.example/areas/", 60 * 60
local STEPS = {
  "Please pull the router's plug, wait ten seconds, and plug it in again. It takes two minutes. Does it work now?",
  "Is the cable between the wall and the router firmly in on both ends? Does it work now?",
}

local function area(code) return http.get(API .. code, { retries = 2, timeout = 10 }) end

-- Looks again every two hours for a day; each look is a session of its own.
local function watch(chat, state)
  local now = area(state.code)
  if now.ok and not now.json.down then
    chat:say("The line in " .. state.code .. " is up again. Thank you for your patience!")
    return chat:close "repaired"
  end
  if state.looks >= 12 then
    chat:say "It still takes longer. I get you somebody."
    return chat:transfer{ skill = "technicians", reason = "outage of more than a day", facts = { area = state.code } }
  end
  schedule.after(2 * HOUR, { name = "outage", state = { code = state.code, looks = state.looks + 1 } })
end

local function everybody(chat, code, found)
  chat:say("There is an outage in " .. code .. ". We expect it to be repaired at " .. (found.eta or "a time that we do not know yet") .. ".")
  if chat:confirm("Shall I write to you when it is up again?", { timeout = HOUR }) then
    schedule.after(2 * HOUR, { name = "outage", state = { code = code, looks = 1 } })
    chat:say "I will."
  end
  chat:close "outage"
end

local function at_home(chat, code)
  for i, step in ipairs(STEPS) do
    local works, why = chat:confirm(step, { timeout = HOUR })
    if works then
      chat:say "Wonderful!"
      return chat:close "solved"
    end
    if why == "timed_out" then return chat:close "no answer" end
    chat:set("tried " .. i, step:match("^[^.?]+"))
  end
  local outcome = chat:handoff{
    skill = "technicians", reason = "line down at home", facts = { area = code },
    expects = { visit = "date" },
  }
  if outcome.fields.visit then
    chat:say("A technician comes on " .. outcome.fields.visit .. ".")
    schedule.after(24 * HOUR, { name = "visit", state = { day = outcome.fields.visit } })
  end
end

return function(chat)
  if chat.followup == "outage" then return watch(chat, chat.state) end
  if chat.followup == "visit" then return chat:say("Do not forget: a technician comes on " .. chat.state.day .. ".") end
  local code = chat:ask("I am sorry that it does not work! What is your postcode?", { kind = "pattern", pattern = "%d%d%d%d%d", hint = "Five digits, please." })
  if code.failed then return chat:transfer{ skill = "technicians", reason = "no postcode" } end
  chat:typing()
  local found = area(code.value)
  if found.ok and found.json.down then return everybody(chat, code.value, found.json) end
  at_home(chat, code.value)
end
