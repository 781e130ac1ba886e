/** What accounts do, as figures: sign-ups, sign-ins, tokens used twice, and every audited action. */

import { counter, counterBy, counterOf, type Metric } from '#platform/metric.ts'
import type { CountedTrail } from './counted-trail.ts'

export const auditMetrics = ({ counts, countOf }: CountedTrail): Metric[] => [
  counter('sluice_sign_ups_total', 'Accounts that were opened', () => countOf('users.register')),
  counterBy(
    'sluice_sign_ins_total',
    'Tries to sign in; a throttled one ends before its password is looked at',
    'result',
    () => ({
      ok: countOf('sessions.open'),
      failed: countOf('sessions.open', 'refused'),
      throttled: countOf('sessions.throttle', 'refused'),
    }),
  ),
  counter('sluice_refresh_token_reuse_total', 'Sessions ended because an old refresh token came back', () =>
    countOf('sessions.reuse', 'refused'),
  ),
  counterOf(
    'sluice_audited_actions_total',
    'What the audit trail was told of; of refusals without end it writes a share',
    () => counts().map(({ action, outcome, count }) => ({ value: count, labels: { action, outcome } })),
  ),
]
