import { Group } from '@mantine/core'
import { s } from '../strings'
import classes from './parts.module.css'

const size = 28

export const Logo = () => <Group gap="xs" wrap="nowrap"><img src="/favicon.svg" width={size} height={size} alt="" /><span className={classes.logo}>{s.product}</span></Group>
