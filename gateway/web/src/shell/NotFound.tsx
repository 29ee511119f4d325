import { Button, Center, Group, Loader, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import { Link, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { s } from '../strings'
import { Logo } from '../ui/Logo'
import { ErrorAlert } from '../ui/parts'

export function NotFound() {
  useEffect(() => {
    document.title = `${s.notFound.title} · ${s.product}`
  }, [])
  return (
    <Center component="main" mih="100%" p="lg">
      <Stack maw={440} gap="sm">
        <Logo />
        <Title order={1} fz={34} lts="-0.025em" mt="lg">{s.notFound.title}</Title>
        <Text c="dimmed" size="lg">{s.notFound.text}</Text>
        <Group mt="md">
          <Button component={Link} to="/inbox">{s.notFound.inbox}</Button>
          <Button component={Link} to="/" variant="default">{s.notFound.home}</Button>
        </Group>
      </Stack>
    </Center>
  )
}

/** PageFailed stands in for a page that threw while drawing. */
export function PageFailed({ error }: { error: unknown }) {
  const router = useRouter()
  return (
    <Center component="main" mih="100%" p="lg">
      <ErrorAlert title={s.errors.page} error={error} retry={() => void router.invalidate()} />
    </Center>
  )
}

export function PagePending() {
  return (
    <Center component="main" mih="100%">
      <VisuallyHidden component="h1">{s.product}</VisuallyHidden>
      <Loader />
    </Center>
  )
}
