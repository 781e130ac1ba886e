/** docs/benchmarks.md: the figures, and what a reader needs to judge them or to take them again. */

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '#app/load-config.ts'
import { findBinary, findPostgresBinary } from '#scripts/engine/binaries.ts'
import { root } from '#scripts/engine/layout.ts'
import { workersOf } from '#scripts/engine/nginx-variables.ts'
import { chart } from './chart.ts'
import { markdownTable } from './report.ts'
import type { Result } from './row.ts'

export interface Run {
  readonly results: readonly Result[]
  readonly rounds: number
  readonly minutes: number
  /** Load average of the machine when it began: what others were doing. */
  readonly loadBefore: number
}

export function writePage(run: Run): void {
  const docs = join(root, 'docs')
  writeFileSync(join(docs, 'benchmarks.svg'), chart(run.results))
  writeFileSync(join(docs, 'benchmarks.md'), page(run))
}

const page = ({ results, rounds, minutes, loadBefore }: Run): string => `# Benchmarks

Written by \`make bench\`; do not edit.

![each row's ratio in relation to its goal](benchmarks.svg)

${markdownTable(results)}

- **CPU µs**: CPU microseconds a request, user and system, summed over every server process: nginx, node, Redis, Postgres with its sessions. The load generator does not count.
- **floor µs**: the same of what the row is compared with, in the same rounds. **ratio**: the row's own figure, smaller is better; the median over the rounds of ours / theirs, which are taken in turn (A B A B)
  while both are alive. Requests a second and latencies stand beside it as information.
- **F3**, the floor: nginx → nginx → three Fastify replicas that answer static JSON (\`tests/load/floor\`). The **ordinary build**: \`tests/load/ordinary\`.
- 64 connections and three replicas, unless a row says otherwise. On ${cpus().length} cores each of our two nginx has ${workersOf(cpus().length)} worker; the floor's have one a core, nginx's own choice.
- Logs are on: the gateway's has a line for every request, a replica's own one for each of the first ${loadConfig({}).LOG_SUCCESSES_PER_SECOND} successes of a second and then for every n-th, as in production (observability.md).
  What a line for each costs: performance.md.
- The limits are on, with figures the load does not reach (\`scripts/bench/stacks.ts\`); the code that runs is the code that ships.
- **Redis calls**: a request, without what an idle fleet says anyway.

| | |
| --- | --- |
| date | ${new Date().toISOString().slice(0, 10)} |
| command | \`ROUNDS=${rounds} make bench\`, ${minutes.toFixed(0)} minutes |
| machine | ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, load average ${loadBefore.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after |
| versions | ${versions().join(', ')} |

What was tried to lower these figures, and what it bought: [performance.md](performance.md).
`

function versions(): string[] {
  const first = (program: string, ...args: string[]) => {
    const said = execFileSync('sh', ['-c', '"$0" "$@" 2>&1', program, ...args], { encoding: 'utf8' })
    return /\d+(\.\d+)+/.exec(said)?.[0] ?? '?'
  }
  return [
    `Node ${process.versions.node}`,
    `nginx ${first(findBinary('nginx'), '-v')}`,
    `Redis ${first(findBinary('redis-server'), '--version')}`,
    `Postgres ${first(findPostgresBinary('postgres'), '--version')}`,
  ]
}
