/** The Chromium of this machine, driven by playwright-core: for browser tests and pictures. */

import { type Browser, chromium } from 'playwright-core'
import { locate } from './binaries.ts'
import { EngineError } from './engine-error.ts'

/** Undefined where there is none: `scripts/bootstrap.sh browser` installs one. */
export const chromiumPath = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
  .map(locate)
  .find((path) => path !== undefined)

/** @throws {EngineError} where there is none */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined)
    throw new EngineError('Chromium is not installed: run scripts/bootstrap.sh browser')
  // Root, as in containers, has no sandbox to give.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({
    executablePath: chromiumPath,
    args: ['--disable-gpu', '--disable-dev-shm-usage', ...sandbox],
  })
}
