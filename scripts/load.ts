/**
 * `make load`: sends one of the scenarios in tests/load/scenarios.ts to a deployment that runs.
 *   SCENARIO=smoke|steady|spike|soak|stress   TARGET=http://localhost:8080   TOKEN=dummy-token
 */

import autocannon from 'autocannon'
import { paths, type Scenario, type Stage, scenarios } from '#tests/load/scenarios.ts'
import { command, table } from './engine/command.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf } from './engine/layout.ts'
import { readSettings } from './engine/settings.ts'

const { SCENARIO = 'smoke', TOKEN = 'dummy-token' } = process.env

function named(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found === undefined) {
    throw new EngineError(`SCENARIO=${name}: there are ${scenarios.map((one) => one.name).join(', ')}`)
  }
  return found
}

const runningHere = (): string =>
  `http://127.0.0.1:${layoutOf(readSettings().config.PORT_BASE).ports.gateway}`

const run = (url: string, { seconds, connections, perSecond }: Stage): Promise<autocannon.Result> =>
  autocannon({
    url,
    duration: seconds,
    connections,
    ...(perSecond !== undefined && { overallRate: perSecond }),
    requests: paths.map((path) => ({ method: 'GET', path, headers: { authorization: `Bearer ${TOKEN}` } })),
  })

const count = ({ statusCodeStats }: autocannon.Result, status: number): number =>
  (statusCodeStats as Record<number, { count: number } | undefined>)[status]?.count ?? 0

/** 503 says when to come back: a refusal, not an error. */
const serverErrors = (result: autocannon.Result): number => result['5xx'] - count(result, 503)

const lineOf = ({ connections, perSecond }: Stage, result: autocannon.Result, failed: number): string[] => [
  perSecond === undefined ? `${connections} connections` : `${perSecond}/s`,
  result.requests.average.toFixed(0),
  String(result.latency.p50),
  String(result.latency.p99),
  String(result['2xx']),
  String(count(result, 429)),
  String(count(result, 503)),
  String(failed),
]

await command(async () => {
  const scenario = named(SCENARIO)
  const target = process.env.TARGET ?? runningHere()
  console.error(`${scenario.name} on ${target}: ${scenario.purpose}`)
  const rows: string[][] = []
  let errors = 0
  let answers = 0
  for (const stage of scenario.stages) {
    const result = await run(target, stage)
    const failed = result.errors + serverErrors(result)
    errors += failed
    answers += result.requests.total
    rows.push(lineOf(stage, result, failed))
    console.error(`  ${rows.at(-1)?.join('  ')}`)
  }
  const head = ['load', 'req/s', 'p50 ms', 'p99 ms', '2xx', '429', '503', 'errors']
  console.log(table(head, rows))
  if (answers === 0) throw new EngineError(`nothing answers at ${target}: make run-local, or set TARGET`)
  if (errors / answers > scenario.errorsAllowed) {
    throw new EngineError(`${errors} of ${answers} failed; ${scenario.name} allows ${scenario.errorsAllowed}`)
  }
})
