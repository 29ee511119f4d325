import { Tabs, Text, Title } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { sessionQuery } from '../../api'
import { s } from '../../strings'
import { Nothing } from '../../ui/parts'
import { Answers } from './Answers'
import { Groups } from './Groups'
import classes from './Learning.module.css'
import { t } from './strings'

/** Learning is where supervisors see what bots did not understand and which answers helped, and where admins teach. */
export function Learning() {
  const { tab = 'texts', state = 'open' } = useSearch({ from: '/workspace/learning' })
  const navigate = useNavigate()
  const role = useQuery(sessionQuery).data?.user.role
  useEffect(() => {
    document.title = `${t.title} · ${s.product}`
  }, [])
  if (!role) return null
  return (
    <main className={classes.page}>
      <Title order={1}>{t.title}</Title>
      {role === 'agent' ? <Nothing icon={<IconLock stroke={1.5} />} title={t.forbidden} text={t.forbiddenText} /> : (
        <>
          <Text c="dimmed" size="sm" mt="hair" mb="md">{t.lead}</Text>
          <Tabs value={tab} keepMounted={false} onChange={(to) => void navigate({ to: '/learning', search: to === 'answers' ? { tab: 'answers' as const } : {} })}>
            <Tabs.List mb="md">
              <Tabs.Tab value="texts">{t.texts}</Tabs.Tab>
              <Tabs.Tab value="answers">{t.answers}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="texts">
              <Groups key={state} state={state} admin={role === 'admin'} show={(to) => void navigate({ to: '/learning', search: to === 'open' ? {} : { state: to } })} />
            </Tabs.Panel>
            <Tabs.Panel value="answers"><Answers /></Tabs.Panel>
          </Tabs>
        </>
      )}
    </main>
  )
}
