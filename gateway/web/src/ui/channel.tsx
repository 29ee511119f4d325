import { Tooltip } from '@mantine/core'
import { IconBrandWhatsapp, IconDeviceMobile, IconMail, IconMessage2, IconMessageCircle, type Icon } from '@tabler/icons-react'

/** Every kind of channel that the workspace has a name and an icon for; no other file knows one. */
const kinds: Record<string, { name: string; icon: Icon }> = {
  twilio: { name: 'SMS', icon: IconDeviceMobile },
  webchat: { name: 'Web chat', icon: IconMessageCircle },
  whatsapp: { name: 'WhatsApp', icon: IconBrandWhatsapp },
  email: { name: 'E-mail', icon: IconMail },
}

export const channelName = (kind: string) => kinds[kind]?.name ?? kind

/** ChannelIcon shows where a conversation takes place. */
export function ChannelIcon({ kind, size = 14 }: { kind: string; size?: number }) {
  const Icon = kinds[kind]?.icon ?? IconMessage2
  return (
    <Tooltip label={channelName(kind)}>
      <Icon size={size} stroke={1.7} role="img" aria-label={channelName(kind)} />
    </Tooltip>
  )
}
