/** Replicas as processes: a release is a folder, and a link says which folder a replica starts in. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'
import { ensureSecrets } from '#scripts/secrets.ts'
import { order } from './control.ts'
import { EngineError } from './engine-error.ts'
import type { Fleet } from './fleet.ts'
import { root } from './layout.ts'
import type { NativeStack } from './native.ts'
import { reloadNginx } from './nginx-reload.ts'
import { replicaNames, scriptOn } from './process-table.ts'
import { chooseRelease, releaseOf, unpack } from './releases.ts'
import { canaryOf, rememberCanary } from './shares.ts'

export function nativeFleet({ layout, settings }: NativeStack): Fleet {
  return {
    names: replicaNames(settings.config),
    prepare: (ref) => (ref === undefined ? root : unpack(layout, ref)),
    releaseOf: (name) => releaseOf(layout, name),
    choose: (name, folder) => chooseRelease(layout, name, folder),
    describe: (folder) => (folder === root ? 'the clone' : basename(folder)),
    async replace(name) {
      if ((await order(layout.run, { do: 'restart', names: [name] })) === undefined)
        throw new EngineError('nothing is running: make run-local')
    },
    async migrate(folder) {
      // A release may bring a secret that the one before did not know.
      ensureSecrets(layout.secrets)
      const stack = { ...settings, layout }
      const { program, args, env, cwd } = scriptOn(stack, 'scripts/migrate.ts', [], {}, folder)
      const [code] = await once(spawn(program, args, { env, cwd, stdio: 'inherit' }), 'exit')
      if (code !== 0) throw new EngineError('the migrations failed: no replica was touched')
    },
    canary: () => canaryOf(layout),
    async balance(canary) {
      const former = canaryOf(layout)
      rememberCanary(layout, canary)
      await reloadNginx('balancer', { settings, layout }).catch((error: unknown) => {
        rememberCanary(layout, former)
        throw error
      })
    },
  }
}
