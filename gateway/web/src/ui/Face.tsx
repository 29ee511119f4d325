import { Avatar } from '@mantine/core'

const colours = ['indigo', 'teal', 'orange', 'pink', 'cyan', 'grape', 'lime', 'red', 'blue', 'yellow', 'violet', 'green']

type Props = { person: { name: string; colour?: number }; size: number; className?: string }

/** Face is a consumer's avatar, in a colour that stays when the name becomes known. */
export function Face({ person, ...rest }: Props) {
  return <Avatar {...rest} name={person.name} color={person.colour === undefined ? 'initials' : colours[person.colour % colours.length]} />
}
