import { notifications } from '@mantine/notifications'
import { messageOf } from '../api'
import { s } from '../strings'

const closeButtonProps = { 'aria-label': s.shell.close }

/** tell says the result of an action, for a few seconds. */
export const tell = (message: string) => void notifications.show({ message, role: 'status', closeButtonProps })

/** tellFailure says why an action did not work. */
export const tellFailure = (err: unknown) =>
  void notifications.show({ color: 'red', title: s.errors.action, message: messageOf(err), closeButtonProps })
