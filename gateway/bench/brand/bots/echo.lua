-- Answers each message once, with what it heard, and ends after ten questions:
-- the next message opens a new conversation.
return function(chat)
  local heard = chat.opening.text
  for _ = 1, 10 do
    heard = chat:ask("You said: " .. heard).text
  end
  chat:say("That was all. You said: " .. heard)
end
