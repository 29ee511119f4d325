-- Everybody wants a person.
return function(chat)
  chat:handoff{skill = "care", reason = "asked for a person", summary = chat.opening.text}
end
