import { Button, Group, Loader, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import { Link, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { s } from '../strings'
import classes from './Workspace.module.css'
import { Logo } from '../ui/Logo'
import { Alone, ErrorAlert } from '../ui/parts'

export function NotFound() {
  useEffect(() => {
    document.title = `${s.notFound.title} · ${s.product}`
  }, [])
  return (
    <Alone>
      <Stack className={classes.missing} gap="sm">
        <Logo />
        <Title order={1}>{s.notFound.title}</Title>
        <Text c="dimmed" size="lg">{s.notFound.text}</Text>
        <Group mt="md">
          <Button component={Link} to="/inbox">{s.notFound.inbox}</Button>
          <Button component={Link} to="/" variant="default">{s.notFound.home}</Button>
        </Group>
      </Stack>
    </Alone>
  )
}

/** PageFailed stands in for a page that threw while drawing. */
export function PageFailed({ error }: { error: unknown }) {
  const router = useRouter()
  return (
    <Alone>
      <ErrorAlert title={s.errors.page} error={error} retry={() => void router.invalidate()} />
    </Alone>
  )
}

export function PagePending() {
  return (
    <Alone>
      <VisuallyHidden component="h1">{s.product}</VisuallyHidden>
      <Loader />
    </Alone>
  )
}
