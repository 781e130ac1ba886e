/** How a token reaches a person. Sluice brings no mail server: one implements this and hands it to `compose`. */

import type { AccountTokenPurpose } from '#modules/users/index.ts'

export interface Message {
  readonly to: string
  readonly purpose: AccountTokenPurpose
  readonly token: string
  readonly expiresAt: string
}

export type Deliver = (message: Message) => Promise<void>

/** For demo mode: what a mail would say goes to the log of the process. Elsewhere that would be a leak. */
export const consoleDelivery =
  (write: (line: string) => void): Deliver =>
  async ({ to, purpose, token, expiresAt }) =>
    write(`${purpose} token for ${to}, until ${expiresAt}: ${token}`)

/** Where there is no way to reach anyone. Invitations still work: their token is in the answer to whoever invites. */
export const noDelivery: Deliver = async () => {}
