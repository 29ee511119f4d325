---@meta slots

---The values that a text holds: numbers, dates, times and how long they last, addresses, telephone numbers, amounts and a brand's own reference numbers, as people write them in English, German, Spanish and French. Where a question asks for one value, `chat:ask` with a `kind` does the same and asks again.
---
---The forms of a brand's own numbers stand in brand.yaml, and `slots.find` looks for them without being told. Write each in quotes, 32 at most:
---
---```yaml
---patterns:
---  order: "AC-#####"                 # # is a digit, @ a letter, * either
---  ticket: {regexp: "T[0-9]{6,8}"}   # RE2; case does not matter in either
---```
---
---A day or an hour without more lies ahead: "friday" is the first one after today. Times are in the brand's time zone.
---
---An expression is understood whole or not at all: "until Friday" is a range and no day, "any day but Friday" is nothing. What may mean several things gives `nil` too; `slots.find` gives the likeliest meaning, with `assumed`.
---@class parley.module.slots
local slots = {}

---Finds the values in a text, in order.
---
---Error: There is no such kind, or a pattern is not one.
---@param text string What the consumer wrote; the first 4,096 bytes count.
---@param options? parley.SlotFindOptions What to look for.
---@return parley.Slot[] found The values; they never overlap.
function slots.find(text, options) end

---Reads the day that a text names.
---@param text string A whole answer.
---@param options? parley.SlotOptions How to read it.
---@return string? day As 2026-12-24; `nil` when there is none, or more than one.
function slots.date(text, options) end

---Reads the days from one to another that a text names.
---@param text string A whole answer.
---@param options? parley.SlotOptions How to read it.
---@return parley.SlotRange? range The first and the last day; `nil` when there is none, or more than one.
function slots.range(text, options) end

---Reads the time of day that a text names.
---@param text string A whole answer.
---@param options? parley.SlotOptions How to read it.
---@return string? time As 17:30; `nil` when there is none, or more than one.
function slots.time(text, options) end

---Reads a range of times of day.
---@param text string A whole answer.
---@param options? parley.SlotOptions How to read it.
---@return string? hours As 14:00/16:00, or 18:00/.. and ../17:00 when one end is open; `nil` when there is none, or more than one.
function slots.hours(text, options) end

---Reads how long something takes.
---@param text string A whole answer.
---@param options? parley.SlotOptions How to read it.
---@return parley.SlotDuration? duration The length of time; `nil` when there is none, or more than one, or nobody knows how long it is: "a few days", "at least an hour".
function slots.duration(text, options) end

---Reads a day with a time.
---@param text string A whole answer.
---@param options? parley.SlotOptions How to read it.
---@return number? time The time; `nil` when there is none, or more than one. In seconds since 1970.
function slots.moment(text, options) end

---Reads the number that a text names.
---@param text string A whole answer.
---@param options? parley.SlotOptions How to read it.
---@return number? number The number, 20 for "20 %"; `nil` when there is none, or more than one, or words change it: "at least 3", "not 5", "10 to 20".
function slots.number(text, options) end

---Reads the amount of money that a text names.
---@param text string A whole answer.
---@param options? parley.SlotOptions How to read it.
---@return parley.SlotMoney? money The amount; `nil` when there is none, or more than one, or its currency is not known, or words change it.
function slots.money(text, options) end

---Reads the telephone number that a text names.
---
---A national number is only read where the country is known, and none that has an extension.
---@param text string A whole answer.
---@param options? parley.SlotOptions How to read it.
---@return string? number As +49421123456; `nil` when there is none, or more than one.
function slots.phone(text, options) end

---Reads the e-mail address that a text names.
---@param text string A whole answer.
---@param options? parley.SlotOptions How to read it.
---@return string? address In lower case; `nil` when there is none, or more than one.
function slots.email(text, options) end

---Reads a text as yes or no.
---@param text string A whole answer.
---@param options? parley.SlotOptions How to read it.
---@return boolean? answer `nil` when it is neither, or both.
function slots.yes_no(text, options) end

return slots
