import { deliveryStates } from './delivery.gen'

export type DeliveryState = (typeof deliveryStates)[number]

/** rank is how far a state is. What only a page knows, such as a message that is under way to the gateway, comes before all. */
export const rank = (state: string): number => deliveryStates.indexOf(state as DeliveryState)

/** advance joins two states: receipts arrive in any order, and a state never moves back. */
export const advance = <T extends string>(from: T, to: T): T => (rank(to) > rank(from) ? to : from)
