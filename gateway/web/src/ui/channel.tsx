import { Tooltip } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { sessionQuery } from '../api'

/** useKinds finds a kind of channel. The server tells them with the session, before there is anything to name; they change with its build alone. */
function useKinds() {
  const queries = useQueryClient()
  return (kind: string) => queries.getQueryData(sessionQuery.queryKey)?.kinds.find((k) => k.kind === kind)
}

export function useChannelName() {
  const find = useKinds()
  return (kind: string) => find(kind)?.label ?? kind
}

/** A speech bubble, for a kind that the server does not know any more. */
const bubble = 'M8 9h8M8 13h6M9 18h-3a3 3 0 0 1 -3 -3v-8a3 3 0 0 1 3 -3h12a3 3 0 0 1 3 3v8a3 3 0 0 1 -3 3h-3l-3 3l-3 -3'

/** ChannelIcon shows where a conversation takes place. */
export function ChannelIcon({ kind, size = 14 }: { kind: string; size?: number }) {
  const found = useKinds()(kind)
  const name = found?.label ?? kind
  return (
    <Tooltip label={name}>
      <svg
        role="img" aria-label={name} width={size} height={size} viewBox="0 0 24 24"
        fill="none" stroke="currentColor" strokeWidth={1.7} strokeLinecap="round" strokeLinejoin="round"
      >
        <path d={found?.icon ?? bubble} />
      </svg>
    </Tooltip>
  )
}
