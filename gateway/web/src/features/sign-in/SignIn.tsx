import { Anchor, Center, Paper, Stack, Text, Title } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { s } from '../../strings'
import { Logo } from '../../ui/Logo'
import { SignInForm } from '../../ui/SignInForm'
import { afterSignIn } from './next'
import classes from './SignIn.module.css'

/** SignIn is the page; a session that ends later asks in a dialog instead. */
export function SignIn() {
  const { next } = useSearch({ from: '/sign-in' })
  const navigate = useNavigate()
  useEffect(() => {
    document.title = `${s.signIn.title} · ${s.product}`
  }, [])
  return (
    <Center component="main" className={classes.page}>
      <Stack className={classes.column} gap="lg">
        <Paper withBorder radius="lg" className={classes.paper} shadow="sm">
          <Logo />
          <Title order={1}>{s.signIn.title}</Title>
          <Text c="dimmed" mb="lg">{s.signIn.lead}</Text>
          <SignInForm onDone={() => void navigate({ href: afterSignIn(next), replace: true })} />
          <Text size="sm" c="dimmed" mt="lg">{s.signIn.hint}</Text>
        </Paper>
        <Anchor component={Link} to="/" size="sm" ta="center">{s.signIn.back}</Anchor>
      </Stack>
    </Center>
  )
}
