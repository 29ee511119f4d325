// What the widget itself says, per language. {n} is a number.

const en = {
  open: 'Open chat',
  close: 'Close chat',
  unread: '{n} unread',
  virtual: 'virtual assistant',
  position: 'Waiting for a person · position {n}',
  waiting: 'Waiting for a person',
  online: 'We are here to help',
  hello: 'How can we help?',
  begin: 'Write to us and we will answer right here.',
  log: 'Conversation',
  write: 'Write a message…',
  send: 'Send',
  answers: 'Suggested answers',
  you: 'You',
  typing: '{n} is typing',
  sending: 'Sending…',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Not sent',
  retry: 'Try again',
  older: 'Earlier messages',
  newer: 'New messages',
  lost: 'Reconnecting. What you write is kept.',
  refused: 'This chat is not available right now.',
  ended: 'This conversation has ended. Write to start a new one.',
  file: 'File',
  map: 'Open map',
}

export type Strings = typeof en

const de: Strings = {
  open: 'Chat öffnen',
  close: 'Chat schließen',
  unread: '{n} ungelesen',
  virtual: 'virtuelle Assistenz',
  position: 'Warten auf eine Person · Platz {n}',
  waiting: 'Warten auf eine Person',
  online: 'Wir helfen gern',
  hello: 'Wie können wir helfen?',
  begin: 'Schreiben Sie uns, die Antwort kommt gleich hier.',
  log: 'Unterhaltung',
  write: 'Nachricht schreiben…',
  send: 'Senden',
  answers: 'Antwortvorschläge',
  you: 'Sie',
  typing: '{n} schreibt',
  sending: 'Wird gesendet…',
  sent: 'Gesendet',
  delivered: 'Zugestellt',
  read: 'Gelesen',
  failed: 'Nicht gesendet',
  retry: 'Erneut versuchen',
  older: 'Frühere Nachrichten',
  newer: 'Neue Nachrichten',
  lost: 'Verbindung wird wiederhergestellt. Ihr Text bleibt erhalten.',
  refused: 'Dieser Chat ist gerade nicht verfügbar.',
  ended: 'Diese Unterhaltung ist beendet. Schreiben Sie, um eine neue zu beginnen.',
  file: 'Datei',
  map: 'Karte öffnen',
}

const es: Strings = {
  open: 'Abrir el chat',
  close: 'Cerrar el chat',
  unread: '{n} sin leer',
  virtual: 'asistente virtual',
  position: 'Esperando a una persona · puesto {n}',
  waiting: 'Esperando a una persona',
  online: 'Estamos para ayudarle',
  hello: '¿En qué podemos ayudarle?',
  begin: 'Escríbanos y le responderemos aquí mismo.',
  log: 'Conversación',
  write: 'Escriba un mensaje…',
  send: 'Enviar',
  answers: 'Respuestas sugeridas',
  you: 'Usted',
  typing: '{n} está escribiendo',
  sending: 'Enviando…',
  sent: 'Enviado',
  delivered: 'Entregado',
  read: 'Leído',
  failed: 'No enviado',
  retry: 'Reintentar',
  older: 'Mensajes anteriores',
  newer: 'Mensajes nuevos',
  lost: 'Reconectando. Lo que escriba se conserva.',
  refused: 'Este chat no está disponible en este momento.',
  ended: 'Esta conversación ha terminado. Escriba para empezar otra.',
  file: 'Archivo',
  map: 'Abrir el mapa',
}

const fr: Strings = {
  open: 'Ouvrir le chat',
  close: 'Fermer le chat',
  unread: '{n} non lus',
  virtual: 'assistant virtuel',
  position: 'En attente d’une personne · position {n}',
  waiting: 'En attente d’une personne',
  online: 'Nous sommes là pour vous aider',
  hello: 'Comment pouvons-nous vous aider ?',
  begin: 'Écrivez-nous, la réponse arrive ici même.',
  log: 'Conversation',
  write: 'Écrire un message…',
  send: 'Envoyer',
  answers: 'Réponses proposées',
  you: 'Vous',
  typing: '{n} est en train d’écrire',
  sending: 'Envoi…',
  sent: 'Envoyé',
  delivered: 'Distribué',
  read: 'Lu',
  failed: 'Non envoyé',
  retry: 'Réessayer',
  older: 'Messages précédents',
  newer: 'Nouveaux messages',
  lost: 'Reconnexion. Votre texte est conservé.',
  refused: 'Ce chat n’est pas disponible pour le moment.',
  ended: 'Cette conversation est terminée. Écrivez pour en commencer une autre.',
  file: 'Fichier',
  map: 'Ouvrir la carte',
}

const languages: Record<string, Strings> = { en, de, es, fr }

export interface Language {
  code: string
  strings: Strings
}

// language is the first of the wanted tags ("de-AT", "fr") that the widget speaks, else English.
export function language(wanted: readonly (string | null | undefined)[]): Language {
  for (const tag of wanted) {
    const code = tag?.toLowerCase().split('-')[0] ?? ''
    const strings = Object.hasOwn(languages, code) ? languages[code] : undefined
    if (strings) return { code, strings }
  }
  return { code: 'en', strings: en }
}

export const fill = (text: string, n: string | number): string => text.replace('{n}', () => String(n))
