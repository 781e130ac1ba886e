/** What the parts of a replica tell of themselves, as metrics. */

import type { Admission } from '#kernel/admission.ts'
import type { Cache, KindStats } from '#kernel/cache/cache.ts'
import type { Breaker } from './breaker.ts'
import type { LineWriter } from './line-writer.ts'
import type { LabelledGauge } from './metrics.ts'

const breakerStates = { closed: 0, 'half-open': 0.5, open: 1 } as const

export function gaugesOf(
  cache: Cache,
  breakers: readonly Breaker[],
  lines: LineWriter,
  admission: Admission,
): LabelledGauge[] {
  const ofCache = (figure: keyof KindStats, help: string): LabelledGauge => ({
    name: `sluice_cache_${figure}`,
    help,
    label: 'kind',
    read: () =>
      Object.fromEntries(Object.entries(cache.stats()).map(([kind, stats]) => [kind, stats[figure]])),
  })
  return [
    ofCache('hit', 'Reads answered from the cache since the start'),
    ofCache('miss', 'Reads that had to load since the start'),
    ofCache('stale', 'Reads answered with an answer past its time to live since the start'),
    ofCache('coalesced', 'Reads that shared the load of another since the start'),
    ofCache('entries', 'Answers held in this process'),
    ofCache('bytes', 'Bytes of the answers held in this process'),
    {
      name: 'sluice_breaker_open',
      help: '0 closed, 0.5 half open, 1 open',
      label: 'breaker',
      read: () =>
        Object.fromEntries(
          breakers.map((breaker) => [breaker.report().name, breakerStates[breaker.report().state]]),
        ),
    },
    {
      name: 'sluice_admission',
      help: 'Requests that may run at once, that run, that wait; priorities the brake keeps out',
      label: 'figure',
      read: () => {
        const { limit, running, waiting, brake } = admission.stats()
        return { limit, running, waiting, brake }
      },
    },
    {
      name: 'sluice_admission_shed',
      help: 'Requests refused because more was asked than could be answered, since the start',
      label: 'priority',
      read: () => admission.stats().shed,
    },
    {
      name: 'sluice_log_lines_dropped',
      help: 'Lines that found no room because the disk was slow',
      label: 'log',
      read: () => ({ requests: lines.dropped() }),
    },
  ]
}
