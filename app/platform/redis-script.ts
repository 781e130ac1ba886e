/** The Lua scripts of `redis/scripts/`: sent by their digest, in full only when the server does not know them. */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

export interface Script {
  readonly lua: string
  /** As EVALSHA names it. */
  readonly digest: string
}

export const scriptOf = (lua: string): Script => ({
  lua,
  digest: createHash('sha1').update(lua).digest('hex'),
})

export const readScript = (name: string): string =>
  readFileSync(new URL(`../../redis/scripts/${name}.lua`, import.meta.url), 'utf8')

/** EVALSHA with a script that Redis does not have (it is new, or restarted) did nothing: EVAL brings the script along. */
export const isUnknownScript = (failure: Error): boolean => failure.message.startsWith('NOSCRIPT')

type Argument = string | number | Buffer

/** `answers`: texts as strings, or as the bytes they are. */
export function redisScript(
  redis: Redis,
  name: string,
  answers: 'texts' | 'bytes' = 'texts',
): (...args: Argument[]) => Promise<unknown> {
  const { lua, digest } = scriptOf(readScript(name))
  const call = (command: string, ...args: Argument[]): Promise<unknown> =>
    answers === 'texts' ? redis.call(command, ...args) : redis.callBuffer(command, ...args)
  return (...args) =>
    call('evalsha', digest, 0, ...args).catch((failure: Error) => {
      if (!isUnknownScript(failure)) throw failure
      return call('eval', lua, 0, ...args)
    })
}
