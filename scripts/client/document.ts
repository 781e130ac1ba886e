/** The contract of the code as it is here, without a port, a database or a running stack. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '#app/compose.ts'
import { loadConfig } from '#app/load-config.ts'
import { ensureSecrets } from '#scripts/secrets.ts'

/** The OpenAPI document as `/openapi.json` gives it in demo mode: routes that exist only there are part of it. */
export async function contractOfTheCode(): Promise<string> {
  // Nothing is asked of Postgres or Redis for this; secrets of a moment are enough to compose.
  const SECRETS_DIR = mkdtempSync(join(tmpdir(), 'sluice-contract-'))
  try {
    ensureSecrets(SECRETS_DIR)
    const application = await compose(loadConfig({ SECRETS_DIR, DEMO: 'true', LOG_LEVEL: 'silent' }))
    try {
      return (await application.app.inject('/openapi.json')).body
    } finally {
      await application.app.close()
      await application.close()
    }
  } finally {
    rmSync(SECRETS_DIR, { recursive: true })
  }
}
