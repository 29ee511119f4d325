import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, Failure, messageOf, type Session, sessionQuery, unwrap } from '../api'
import { s } from '../strings'
import { submits } from './parts'

const tabs = 'parley.sign-in'

/** onSignIn calls f when somebody has signed in in another tab of this browser, or may have. */
export function onSignIn(f: () => void) {
  const heard = new BroadcastChannel(tabs)
  heard.onmessage = f
  window.addEventListener('focus', f)
  return () => {
    heard.close()
    window.removeEventListener('focus', f)
  }
}

/** SignInForm signs in and puts the session in the cache before it says so. */
export function SignInForm({ email: known, onDone }: { email?: string; onDone: (session: Session) => void }) {
  const queries = useQueryClient()
  const [email, setEmail] = useState(known ?? '')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => unwrap<Session>(api.POST('/session', { body: { email: email.trim(), password } })),
    onSuccess: (session) => {
      queries.setQueryData(sessionQuery.queryKey, session)
      const others = new BroadcastChannel(tabs)
      others.postMessage('in')
      others.close()
      onDone(session)
    },
    onError: () => setPassword(''),
  })
  const err = signIn.error
  const problem = err && (err instanceof Failure && err.code === 'unauthenticated' ? s.signIn.wrong : messageOf(err))
  return (
    <form onSubmit={submits(signIn.mutate)}>
      <Stack gap="md">
        {problem && <Alert color="red" variant="light" role="alert">{problem}</Alert>}
        <TextInput
          label={s.signIn.email} type="email" name="email" autoComplete="username" required withAsterisk={false} size="md" maxLength={254}
          value={email} onChange={(e) => setEmail(e.currentTarget.value)} data-autofocus={known ? undefined : true} autoFocus={!known}
        />
        <PasswordInput
          label={s.signIn.password} name="password" autoComplete="current-password" required withAsterisk={false} size="md" maxLength={256}
          value={password} onChange={(e) => setPassword(e.currentTarget.value)} data-autofocus={known ? true : undefined}
        />
        <Button type="submit" size="md" loading={signIn.isPending}>{s.signIn.submit}</Button>
      </Stack>
    </form>
  )
}
