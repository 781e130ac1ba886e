/** Replicas as containers: a release is an image, and a second Compose file says which image a replica runs. */

import { basename } from 'node:path'
import { type Compose, keepImage, untilUp } from './docker.ts'
import { chooseImage, imageOf } from './docker-images.ts'
import { type Fleet, previous } from './fleet.ts'
import { root } from './layout.ts'
import type { NativeStack } from './native.ts'
import { replicaNames } from './process-table.ts'
import { unpack } from './releases.ts'
import { canaryOf, methodFor, rememberCanary, sharesOf } from './shares.ts'

export function dockerFleet(compose: Compose, { layout, settings }: NativeStack): Fleet {
  const image = (tag: string): string => `sluice-app:${tag}`
  const choose: Fleet['choose'] = (name, release) => chooseImage(layout, name, release)

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
      await untilUp(compose, name)
    },
    async migrate(release) {
      // A release may bring a secret that the one before did not know.
      for (const job of ['setup', 'migrate']) choose(job, release)
      compose.show('run', '--rm', '--no-deps', '-T', 'setup')
      compose.show('run', '--rm', '--no-deps', '-T', 'migrate', 'node', 'scripts/migrate.ts')
    },
    canary: () => canaryOf(layout),
    async balance(canary) {
      const names = replicaNames(settings.config)
      const shares = canary === undefined ? [] : sharesOf(names, canary)
      const method = `BALANCING_METHOD='${methodFor(canary)}'`
      const lines = [method, ...shares.map((share, index) => `API_${index + 1}="$API_${index + 1} ${share}"`)]
      compose.read('exec', '-T', 'balancer', 'edge-entrypoint.sh', 'share', ...lines)
      rememberCanary(layout, canary)
    },
  }
}
