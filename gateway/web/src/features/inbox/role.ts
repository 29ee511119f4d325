import type { Conversation, Session } from '../../api'

/** Role is what the signed-in person may do with a conversation now; the server decides in the end. */
export type Role = { mine: boolean; mayTake: boolean; takesOver: boolean }

export function roleOf(c: Conversation, { user }: Session): Role {
  const open = c.state === 'open'
  const mine = open && c.owner === 'agent' && c.agent?.id === user.id
  const leads = user.role !== 'agent'
  const others = open && c.owner === 'agent' && !mine
  const skilled = c.skill !== undefined && user.skills.includes(c.skill)
  // From an agent who is not there, anybody with the skill may take it.
  const takesOver = (open && leads && c.owner === 'bot') || (others && (leads || (c.agent_there === false && skilled)))
  return {
    mine,
    mayTake: open && c.owner === 'queue' && (leads || c.skill === undefined || user.skills.includes(c.skill)),
    takesOver,
  }
}
