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
  unkept: ['Reconnecting… Stay on this page: your text is not saved.', 'Neu verbinden… Bleiben Sie auf dieser Seite: Ihr Text ist nicht gesichert.', 'Reconectando… No deje esta página: su texto no está guardado.', 'Reconnexion… Restez sur cette page : votre texte n’est pas enregistré.'],
  gone: ['This chat no longer exists.', 'Diesen Chat gibt es nicht mehr.', 'Este chat ya no existe.', 'Ce chat n’existe plus.'],
  barred: ['This site may not show this chat.', 'Diese Seite darf diesen Chat nicht zeigen.', 'Este sitio no puede mostrar este chat.', 'Ce site ne peut pas afficher ce chat.'],
  blocked: ['This page does not let the chat connect.', 'Diese Seite lässt den Chat keine Verbindung aufbauen.', 'Esta página no permite que el chat se conecte.', 'Cette page empêche le chat de se connecter.'],
  news: ['New messages', 'Neue Nachrichten', 'Mensajes nuevos', 'Nouveaux messages'],
  ended: ['This conversation has ended. Write to start a new one.', 'Diese Unterhaltung ist beendet. Schreiben Sie, um eine neue zu beginnen.', 'Esta conversación ha terminado. Escriba para empezar otra.', 'Cette conversation est terminée. Écrivez pour en commencer une autre.'],
}

export type Strings = Record<keyof typeof words, string>

export interface Language {
  code: string
  locale: string // a variant of the code: "en-GB" writes dates and times otherwise than "en-US"
  hour12?: boolean // the visitor's clock, where the widget does not speak their language
  strings: Strings
}

// language is the first of the wanted tags ("de-AT", "fr") that the widget speaks, else English; own are the visitor's, which know
// best how a language is written where they live.
export function language(wanted: readonly (string | null)[], own: readonly string[] = []): Language {
  const first = wanted.map((tag) => codes.indexOf(tag?.slice(0, 2).toLowerCase() ?? '')).find((i) => i >= 0)
  const code = codes[first ?? 0] ?? 'en'
  const locale = [...own, ...wanted].find((tag) => tag?.slice(0, 2).toLowerCase() === code && isTag(tag)) ?? code
  const strings = {} as Strings
  for (const key in words) strings[key as keyof Strings] = words[key as keyof Strings][first ?? 0] ?? ''
  const hour12 = first === undefined ? new Intl.DateTimeFormat([...own].filter(isTag), { hour: 'numeric' }).resolvedOptions().hour12 : undefined
  return { code, locale, hour12, strings }
}

// isTag: pages write "en_US" and worse, which Intl does not take.
function isTag(tag: string): boolean {
  try {
    return !!Intl.getCanonicalLocales(tag)
  } catch {
    return false
  }
}

export const fill = (text: string, n: string | number): string => text.replace('{n}', () => `${n}`)
