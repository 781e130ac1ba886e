/** Reads the settings from the environment: once, by the entry points alone. */

import { Value } from 'typebox/value'
import { type Config, Environment, type Setting, settings } from './config.ts'

/** Every problem of the environment at once, one line each: the variable, what it holds, what it may hold. */
export class ConfigError extends Error {
  /** What a process ends with that must not be started again before somebody has mended it: EX_CONFIG of sysexits(3). */
  static readonly exitCode = 78
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
  }
}

/**
 * Reads and checks the environment.
 * An empty variable counts as not set. @throws {ConfigError} naming each variable that is wrong.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(settings)) {
    const text = env[name]
    if (text !== undefined && text !== '') given[name] = parse(setting, text)
  }
  const config = Value.Default(Environment, given)
  // One by one: a single check of everything stops at its eighth error.
  const problems = Object.entries(Environment.properties)
    .filter(([name, schema]) => name in given && !Value.Check(schema, given[name]))
    .map(([name]) => problem(name, env[name] ?? ''))
  const demoInProduction = given.NODE_ENV === 'production' && (config as Config).DEMO === true
  if (demoInProduction) problems.push('DEMO=true is refused with NODE_ENV=production: unset one of them')
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config as Config)
}

// What does not look like its type stays text, and so is refused: typebox's own conversion would cut 1.5 to 1.
function parse({ type }: Setting, text: string): unknown {
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

function problem(name: string, value: string): string {
  const setting = settings[name] ?? {}
  const shown = setting.secret ? '(hidden)' : value
  return `${name}=${shown}: must be ${expected(setting)} (${setting.description})`
}

function expected({ expected, type, anyOf, minimum, maximum }: Setting): string {
  if (expected) return expected
  if (anyOf) return `one of ${anyOf.map((choice) => choice.const).join(', ')}`
  return type === 'boolean' ? 'true or false' : `a whole number from ${minimum} to ${maximum}`
}

/** `a, b` as a list; empty text is an empty list. */
export const commaSeparated = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
