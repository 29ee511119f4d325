---@meta time

---Times and calendars, in the brand's time zone. A time is a number of seconds since 1970.
---@class parley.module.time
local time = {}

---Gives the time now, as os.time() does.
---@return number time The time. In seconds since 1970.
function time.now() end

---Writes a time as text.
---@param time? number The time. In seconds since 1970. Default: now.
---@param format? string `date` (2026-12-24), `time` (17:30), `datetime` (2026-12-24 17:30), `iso` (2026-12-24T17:30:00+01:00), or conversions as in `os.date`. Default: `datetime`.
---@return string text The text.
function time.format(time, format) end

---Reads a time from a text.
---
---Error: There is no such time zone.
---@param text string A date such as 2026-12-24, or a date with a time, 2026-12-24 18:00 or 2026-12-24T18:00:00Z.
---@param zone? string The time zone of a text without one, such as Europe/Vienna. Default: the brand's.
---@return number? time The time; `nil` when the text is none. In seconds since 1970.
---@return string? problem Why it is none.
function time.parse(text, zone) end

---Goes on from a time by the calendar.
---
---A day is the same hour of the next day, also when the clock changes; a month later than 31 January is the last of February.
---@param time number The time. In seconds since 1970.
---@param span parley.TimeSpan How far; numbers may be negative.
---@return number time The time then. In seconds since 1970.
function time.add(time, span) end

---Gives the day of the week.
---@param time? number The time. In seconds since 1970. Default: now.
---@return number day 1 for Monday … 7 for Sunday.
---@return string name monday … sunday.
function time.weekday(time) end

---Gives midnight of a day.
---@param time? number A time of the day. In seconds since 1970. Default: now.
---@return number time When the day began. In seconds since 1970.
function time.start_of_day(time) end

return time
