// What the widget itself says: English, German, Spanish, French. {n} is a number or a name.

const codes = ['en', 'de', 'es', 'fr']

const words = {
  open: ['Open chat', 'Chat öffnen', 'Abrir el chat', 'Ouvrir le chat'],
  close: ['Close chat', 'Chat schließen', 'Cerrar el chat', 'Fermer le chat'],
  unread: ['{n} unread', '{n} ungelesen', '{n} sin leer', '{n} non lus'],
  bot: ['virtual assistant', 'virtuelle Assistenz', 'asistente virtual', 'assistant virtuel'],
  waiting: ['Waiting for a person', 'Warten auf eine Person', 'Esperando a una persona', 'En attente d’une personne'],
  hello: ['How can we help?', 'Wie können wir helfen?', '¿En qué podemos ayudarle?', 'Comment pouvons-nous vous aider ?'],
  log: ['Conversation', 'Unterhaltung', 'Conversación', 'Conversation'],
  write: ['Write a message…', 'Nachricht schreiben…', 'Escriba un mensaje…', 'Écrire un message…'],
  send: ['Send', 'Senden', 'Enviar', 'Envoyer'],
  answers: ['Suggested answers', 'Antwortvorschläge', 'Respuestas sugeridas', 'Réponses proposées'],
  you: ['You', 'Sie', 'Usted', 'Vous'],
  typing: ['{n} is typing', '{n} schreibt', '{n} está escribiendo', '{n} est en train d’écrire'],
  sending: ['Sending…', 'Wird gesendet…', 'Enviando…', 'Envoi…'],
  sent: ['Sent', 'Gesendet', 'Enviado', 'Envoyé'],
  delivered: ['Delivered', 'Zugestellt', 'Entregado', 'Distribué'],
  read: ['Read', 'Gelesen', 'Leído', 'Lu'],
  failed: ['Not sent', 'Nicht gesendet', 'No enviado', 'Non envoyé'],
  retry: ['Try again', 'Erneut versuchen', 'Reintentar', 'Réessayer'],
  older: ['Earlier messages', 'Frühere Nachrichten', 'Mensajes anteriores', 'Messages précédents'],
  lost: ['Reconnecting… Your text is kept.', 'Neu verbinden… Ihr Text bleibt.', 'Reconectando… Su texto se conserva.', 'Reconnexion… Votre texte est gardé.'],
  ended: ['This conversation has ended. Write to start a new one.', 'Diese Unterhaltung ist beendet. Schreiben Sie, um eine neue zu beginnen.', 'Esta conversación ha terminado. Escriba para empezar otra.', 'Cette conversation est terminée. Écrivez pour en commencer une autre.'],
}

export type Strings = Record<keyof typeof words, string>

export interface Language {
  code: string
  strings: Strings
}

// language is the first of the wanted tags ("de-AT", "fr") that the widget speaks, else English.
export function language(wanted: readonly (string | null)[]): Language {
  const known = wanted.map((tag) => codes.indexOf(tag?.slice(0, 2).toLowerCase() ?? '')).find((i) => i >= 0) ?? 0
  const strings = {} as Strings
  for (const key in words) strings[key as keyof Strings] = words[key as keyof Strings][known] ?? ''
  return { code: codes[known] ?? 'en', strings }
}

export const fill = (text: string, n: string | number): string => text.replace('{n}', () => `${n}`)
