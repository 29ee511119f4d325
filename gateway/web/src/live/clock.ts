/** A machine's clock may be minutes off. Offers, waits and messages have the gateway's times, so what is shown goes by its clock. */
const gateway = { ahead: 0 }

/** A Date header has whole seconds, and took a while to come. */
const closeMs = 2_500

/** gatewayNow is the gateway's time in ms, as far as its answers tell. */
export const gatewayNow = () => Date.now() + gateway.ahead

/** noteDate takes an answer's Date header. A clock that is about right is left alone, so that no countdown jumps. */
export function noteDate(header: string | null) {
  const said = Date.parse(header ?? '')
  if (Number.isNaN(said)) return
  const ahead = said + 500 - Date.now()
  if (Math.abs(ahead - gateway.ahead) > closeMs) gateway.ahead = Math.abs(ahead) > closeMs ? ahead : 0
}
