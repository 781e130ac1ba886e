/** Tells the two kinds of credential apart by their shape: an access token has two dots, an API key has none. */

import type { Principal } from '#kernel/principal.ts'

type Check = (credential: string) => Promise<Principal>

/** What any credential means. @throws {AppError} `invalid_token`, or `dependency_unavailable` when it cannot be told. */
export const credentialCheck =
  (checks: { readonly accessToken: Check; readonly apiKey: Check }): Check =>
  (credential) =>
    credential.includes('.') ? checks.accessToken(credential) : checks.apiKey(credential)
