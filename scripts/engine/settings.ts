/** The settings of a stack: .env in the root, then the environment, then what this engine decides itself. */

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { type Config, Environment } from '#app/config.ts'
import { ConfigError, loadConfig } from '#app/load-config.ts'
import { composeSettings } from '#scripts/settings/compose.ts'
import { EngineError } from './engine-error.ts'
import { layoutOf, root } from './layout.ts'
import { demoOrigins } from './nginx-variables.ts'

export interface Settings {
  readonly config: Config
  /** What was really given, by name; handed on to every process. */
  readonly given: Readonly<Record<string, string>>
  /** Names in .env that mean nothing to us: usually a slip of the pen. */
  readonly unknown: readonly string[]
}

// Where things are is the engine's business. A DATABASE_URL left in somebody's shell must not lead us to their data.
const decidedByEngine = new Set([
  'INSTANCE_ID',
  'HOST',
  'PORT',
  'SOCKET_PATH',
  'SECRETS_DIR',
  'DATABASE_URL',
  'REDIS_URL',
])

const ofCompose = composeSettings.settings.map(([name]) => name)

const known = Object.keys(Environment.properties)
const accepted = [...known.filter((name) => !decidedByEngine.has(name)), ...ofCompose]

/** The settings among some variables. */
export const givenIn = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(accepted.map((name) => [name, env[name] ?? '']).filter(([, value]) => value !== ''))

/** Equal for equal settings. */
export const fingerprintOf = (given: Readonly<Record<string, string>>): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(given).sort()))
    .digest('hex')
    .slice(0, 16)

/** @throws {EngineError} with one line for each variable that is wrong */
export function readSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
  file = join(root, '.env'),
): Settings {
  const written: Record<string, string | undefined> = existsSync(file)
    ? parseEnv(readFileSync(file, 'utf8'))
    : {}
  const given = { ...givenIn(written), ...givenIn(env) }
  try {
    return {
      config: loadConfig(given),
      given,
      unknown: Object.keys(written).filter((name) => !known.includes(name) && !ofCompose.includes(name)),
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const place = (line: string) => (env[line.split('=')[0] ?? ''] ? 'the environment' : '.env')
    const lines = error.message.split('\n').map((line) => `${line}; mend it in ${place(line)}`)
    throw new EngineError(lines.join('\n'))
  }
}

/**
 * The settings of a stack on somebody's own machine: a demo, unless they said otherwise or this is production.
 * A demo lets its own pages in.
 */
export function localSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
  file?: string,
): Settings {
  const settings = readSettings(env, file)
  const { given, config } = settings
  const isDemo = given.DEMO === undefined ? config.NODE_ENV !== 'production' : config.DEMO
  if (!isDemo) return settings
  const origins = given.CORS_ORIGINS ?? demoOrigins(layoutOf(config.PORT_BASE))
  return readSettings({ ...env, DEMO: 'true', CORS_ORIGINS: origins }, file)
}

/** What a program of ours may take over from the shell; a person's other variables are none of its business. */
export const surroundings = (): Record<string, string> =>
  Object.fromEntries(
    ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'NODE_OPTIONS', 'NODE_V8_COVERAGE', 'NODE_COMPILE_CACHE']
      .map((name) => [name, process.env[name] ?? ''])
      .filter(([, value]) => value !== ''),
  )
