---@meta schedule

---Follow-ups: the bot writes to the consumer later, of its own accord. At the time a new session begins, without an opening message; `chat.followup` is its name and `chat.state` what was given. A consumer has one follow-up of a name; a second replaces it.
---
---It does not happen while an agent has the conversation, nor for somebody who opted out with STOP.
---@class parley.module.schedule
local schedule = {}

---Plans a follow-up so many seconds from now.
---
---Error: The brand has no such bot or channel, or the time is more than a year ahead.
---@param seconds number Up to a year. In seconds.
---@param options parley.ScheduleOptions Its name, and what begins then.
---@return number? time When it will be; `nil` when nothing was planned. In seconds since 1970.
---@return string? problem Why nothing was planned: the consumer has no address on that channel, or has 20 follow-ups already.
function schedule.after(seconds, options) end

---Plans a follow-up at a time.
---
---Error: The brand has no such bot or channel, or the time is more than a year ahead.
---@param time number When, up to a year from now; one in the past is now. In seconds since 1970.
---@param options parley.ScheduleOptions Its name, and what begins then.
---@return number? time When it will be; `nil` when nothing was planned. In seconds since 1970.
---@return string? problem Why nothing was planned: the consumer has no address on that channel, or has 20 follow-ups already.
function schedule.at(time, options) end

---Drops a follow-up that was planned.
---@param name string Its name.
function schedule.cancel(name) end

return schedule
