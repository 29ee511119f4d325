import { Modal, Switch, Table } from '@mantine/core'
import { features } from '../features/list'
import { s } from '../strings'
import { useLetters } from '../ui/keys'
import classes from './Workspace.module.css'
import { Keys } from '../ui/parts'

export function ShortcutsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [on, setOn] = useLetters()
  return (
    <Modal opened={opened} onClose={onClose} title={s.keys.title}>
      <Switch checked={on} onChange={(e) => setOn(e.currentTarget.checked)} label={s.keys.letters} description={s.keys.lettersText} mb="md" />
      <Table verticalSpacing={7} withRowBorders={false}>
        <Table.Tbody>
          {[...features.flatMap((f) => f.keys ?? []), ['?', s.keys.list] as const].map(([key, what]) => (
            <Table.Tr key={key}>
              <Table.Td className={classes.key}><Keys combo={key} size="sm" /></Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
