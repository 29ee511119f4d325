import type { DeliveryState } from '../text/delivery'

// The messages between the widget and the gateway, as they are on the wire. Times are in ms.

export type Author = 'consumer' | 'bot' | 'agent' | 'system'

export interface Choice {
  id: string
  label: string
  detail?: string
}

export interface Media {
  kind: 'image' | 'video' | 'audio' | 'file'
  url: string
  mime?: string
  name?: string
}

export interface Card {
  title: string
  subtitle?: string
  image?: string
  links?: { label: string; url: string }[]
}

export interface Contact {
  name: string
  org?: string
  phones?: string[]
  emails?: string[]
}

export interface Content {
  text?: string
  media?: Media[]
  location?: { lat: number; lon: number; name?: string; address?: string }
  contacts?: Contact[]
  cards?: Card[]
  choices?: Choice[]
  picked?: Choice
  event?: string
}

export interface Message {
  id: string
  client_id?: string
  author: Author
  author_name?: string
  content: Content
  state: DeliveryState
  at: number
}

export interface Status {
  open: boolean
  owner: 'bot' | 'queue' | 'agent' | 'none'
  agent_name?: string
  position?: number
}

export interface Brand {
  name: string
  color?: string
  bot_name?: string
}

export interface Session {
  token: string
  expires_at: number
  visitor: string
  brand: Brand
  languages?: string[]
}

export interface Page {
  messages: Message[]
  more: boolean
  cursor: string
  status: Status
}

export type Frame =
  | { type: 'message'; cursor: string; message: Message }
  | { type: 'state'; cursor: string; message: string; state: DeliveryState }
  | { type: 'status'; cursor: string; status: Status }
  | { type: 'typing'; author: 'bot' | 'agent'; name?: string; on: boolean }
  | { type: 'reset'; cursor: string }
  | { type: 'live'; cursor: string; beat?: number }

// What a visitor says: a text, or one of the choices that a message offered.
export type Said = { text: string } | { choice: Choice }

export const maxText = 4000
