/** Replicas as containers: a release is an image, and a second Compose file says which image a replica runs. */

import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Compose, dockerReport, keepImage } from './docker.ts'
import { chooseImage, imageOf } from './docker-images.ts'
import { EngineError } from './engine-error.ts'
import { type Fleet, previous } from './fleet.ts'
import { root } from './layout.ts'
import type { NativeStack } from './native.ts'
import { replicaNames } from './process-table.ts'
import { unpack } from './releases.ts'

const startTimeoutMs = 120_000

export function dockerFleet(compose: Compose, { layout, settings }: NativeStack): Fleet {
  const image = (tag: string): string => `sluice-app:${tag}`
  const choose: Fleet['choose'] = (name, release) => chooseImage(layout, name, release)

  async function untilReady(name: string): Promise<void> {
    const deadline = performance.now() + startTimeoutMs
    for (;;) {
      const state = dockerReport(compose).find((one) => one.name === name)?.state
      if (state === 'up') return
      if (state === 'crash-loop' || state === 'down' || performance.now() > deadline)
        throw new EngineError(`it said: ${compose.read('logs', '--no-color', '--tail=5', name).trim()}`)
      await delay(250)
    }
  }

  return {
    names: replicaNames(settings.config),
    prepare(ref) {
      const folder = ref === undefined ? root : unpack(layout, ref, 'build')
      const tag = ref === undefined ? `clone-${Date.now().toString(36)}` : basename(folder).slice(0, 12)
      const build = { context: folder, dockerfile: 'deploy/docker/app.Dockerfile' }
      compose.build({ image: image(tag), build })
      return image(tag)
    },
    // Pinned at the first question: a build of the same name would take the image away from under a rollback.
    releaseOf(name) {
      const chosen = imageOf(layout, name)
      if (chosen !== undefined) return chosen
      const running = keepImage(compose, name === previous ? 'api-1' : name, 'sluice-app')
      choose(name, running)
      return running
    },
    choose,
    describe: (release) => release,
    async replace(name) {
      // Without --no-deps docker-compose 1.29 would recreate Postgres and Redis as well.
      compose.show('up', '--detach', '--no-deps', '--no-build', '--force-recreate', name)
      await untilReady(name)
    },
    async migrate(release) {
      choose('migrate', release)
      compose.show('run', '--rm', '--no-deps', '-T', 'migrate', 'node', 'scripts/migrate.ts')
    },
  }
}
