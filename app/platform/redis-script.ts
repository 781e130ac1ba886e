/** A Lua script of `redis/scripts/` as a function: sent by its digest, in full only when the server does not know it. */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

export type Script = (...args: (string | number | Buffer)[]) => Promise<unknown>

export function redisScript(redis: Redis, name: string): Script {
  const lua = readFileSync(new URL(`../../redis/scripts/${name}.lua`, import.meta.url))
  const digest = createHash('sha1').update(lua).digest('hex')
  return (...args) =>
    redis.evalsha(digest, 0, ...args).catch((failure: Error) => {
      if (!failure.message.startsWith('NOSCRIPT')) throw failure
      return redis.eval(lua, 0, ...args)
    })
}
