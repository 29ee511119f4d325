-- Asks for an address and gives it, or nil. Run by other bots: chat:run("address", {…}).
return function(chat, options)
  chat:say(options.why)
  local street = chat:ask("Street and number?", { match = "%a.*%d", hint = "Such as Lindenufer 12.", retries = 1 })
  if street.failed then return nil end
  local code = chat:ask("Postcode?", { kind = "pattern", pattern = "^%d%d%d%d%d$", hint = "Five digits, please.", retries = 1 })
  if code.failed then return nil end
  local town = chat:ask("Town?")
  return { street = street.text, postcode = code.value, town = town.text }
end
