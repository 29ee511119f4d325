import { Group, Text } from '@mantine/core'
import { s } from '../strings'

export function Logo({ size = 28 }: { size?: number }) {
  return (
    <Group gap={10} wrap="nowrap">
      <img src="/favicon.svg" width={size} height={size} alt="" />
      <Text component="span" fw={700} fz={size * 0.68} lts="-0.02em">{s.product}</Text>
    </Group>
  )
}
