import { inbox } from './inbox/feature'
import { landing } from './landing/feature'
import { learning } from './learning/feature'
import { signIn } from './sign-in/feature'

/** Every screen, in the order of the rail. */
export const features = [landing, signIn, inbox, learning]
