/** npm's list of known vulnerabilities, where the registry in use offers it. */

import { spawnSync } from 'node:child_process'
import type { Finding } from './lockfile.ts'

interface Report {
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly fixAvailable?: unknown }>
  >
  readonly message?: string
}

const failing = ['high', 'critical']

export function audit(): Finding {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--audit=true'], { encoding: 'utf8' })
  return judge(stdout ?? '')
}

/** What npm's answer means. No answer is said plainly and is no success. */
export function judge(answer: string): Finding {
  const report = parse(answer)
  if (report?.vulnerabilities === undefined) {
    const reason = report?.message?.replace(/https?:\/\/\S+/g, '').trim() ?? 'no answer'
    return { problems: [], notes: [`NOT CHECKED: the registry in use offers no audit (${reason})`] }
  }
  const found = Object.entries(report.vulnerabilities)
  const grave = found.filter(([, { severity }]) => failing.includes(severity))
  return {
    problems: grave.map(
      ([name, { severity, fixAvailable }]) =>
        `${name}: ${severity}; ${fixAvailable ? 'npm audit fix mends it' : 'no fix yet'}`,
    ),
    notes: found.length > grave.length ? [`${found.length - grave.length} of lower severity: npm audit`] : [],
  }
}

function parse(answer: string): Report | undefined {
  try {
    return JSON.parse(answer)
  } catch {
    return undefined
  }
}
