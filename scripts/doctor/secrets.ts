/** Whether the secrets are there, whole and private: in their folder, or in the volume of the containers. */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Compose } from '#scripts/engine/docker.ts'
import { messageOf } from '#scripts/engine/engine-error.ts'
import type { Finding } from './finding.ts'

const texts = ['server-key', 'postgres-password', 'postgres-app-password']

export function secretsIn(folder: string): Finding[] {
  if (!existsSync(folder)) return [{ subject: 'secrets', fact: 'none yet: the first start makes them' }]
  const names = [...texts, ...readdirSync(join(folder, 'jwt')).map((name) => join('jwt', name))]
  if (names.length === texts.length)
    return [{ subject: 'secrets', fact: 'no signing key', fix: 'make run-local makes one' }]
  return names.map((name) => {
    const file = join(folder, name)
    const subject = `secret ${name}`
    if (!existsSync(file)) {
      // Postgres remembers the old one, which nobody can read out of it; a new one is set at the next start.
      return { subject, fact: 'missing', fix: 'make stop run-local' }
    }
    const isPrivate = (statSync(file).mode & 0o077) === 0
    return isPrivate
      ? { subject, fact: 'present, private' }
      : { subject, fact: 'readable by others', fix: `chmod 600 ${file}` }
  })
}

const place = '/var/lib/sluice/secrets'

/** The volume can only be looked into from a container that has it: a replica that runs. */
export function secretsInVolume(compose: Compose, isReplicaUp: boolean): Finding[] {
  if (!isReplicaUp)
    return [{ subject: 'secrets', fact: 'in a volume that only a running replica can look into' }]
  try {
    const command = `cd ${place} && stat -c '%a %n' ${texts.join(' ')} jwt/*.pem 2>/dev/null; true`
    return judgeVolume(compose.read('exec', '-T', 'api-1', 'sh', '-c', command))
  } catch (error) {
    return [{ subject: 'secrets', fact: messageOf(error), fix: 'make logs S=api-1 says more' }]
  }
}

/** @param listing - a mode and a name a line; Postgres is of the group that may read its passwords */
export function judgeVolume(listing: string): Finding[] {
  const modes = new Map(
    listing
      .split('\n')
      .map((line) => line.trim().split(' '))
      .filter((fields) => fields.length === 2)
      .map(([mode = '', name = '']) => [name, Number.parseInt(mode, 8)]),
  )
  const keys = [...modes.keys()].filter((name) => name.startsWith('jwt/'))
  const names = [...texts, ...(keys.length > 0 ? keys : ['jwt/*.pem'])]
  return names.map((name) => {
    const subject = `secret ${name}`
    const mode = modes.get(name)
    if (mode === undefined) return { subject, fact: 'missing in its volume', fix: 'make stop run-local' }
    const isOfPostgres = name.startsWith('postgres-')
    const forbidden = isOfPostgres ? 0o037 : 0o077
    return (mode & forbidden) === 0
      ? { subject, fact: 'present in its volume, private' }
      : {
          subject,
          fact: 'readable by others in its volume',
          fix: `chmod ${isOfPostgres ? 640 : 600} in the volume, as the user 1000`,
        }
  })
}
