/** Whether a credential still holds: asked again and again by answers that outlive their first check. */

import type { Principal } from '#kernel/principal.ts'
import { type AuthenticateDeps, trustedForMs, untrustedForMs } from './authenticate.ts'

/** A plain value while what is remembered can be trusted; else a promise that rejects as the check does. */
export type StandingCredential = (credential: string) => Principal | Promise<Principal>

export function standingCredential({ known, check, isTrusted, now }: AuthenticateDeps): StandingCredential {
  return (credential) => {
    const at = now()
    // Asked twice a second: what was found half a second ago would count once more, and a revocation take over a second.
    const age = isTrusted() ? trustedForMs : untrustedForMs / 2
    const remembered = known.get(credential, at - age, Date.now())
    if (remembered) return remembered
    const mark = known.mark()
    return check(credential).then((principal) => {
      known.set(credential, principal, at, mark)
      return principal
    })
  }
}
