/** The monitoring's files as tests read them: rules, dashboards, and the metrics an expression asks for. */

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { root } from '#scripts/engine/layout.ts'

export const monitoringFolder = join(root, 'deploy', 'monitoring')

interface Recording {
  readonly record: string
  readonly expr: string
}

export interface Alert {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly (Recording | Alert)[] }[]
}

export const readYaml = <T>(path: string): T => parse(readFileSync(join(monitoringFolder, path), 'utf8')) as T

const rules = (): readonly (Recording | Alert)[] =>
  globSync('prometheus/rules/*.yml', { cwd: monitoringFolder })
    .map((file) => readYaml<RuleFile>(file))
    .flatMap(({ groups }) => groups.flatMap((group) => group.rules))

export const alerts = (): readonly Alert[] => rules().filter((rule) => 'alert' in rule)
export const recordings = (): readonly Recording[] => rules().filter((rule) => 'record' in rule)

/** A panel's query with Grafana's variables filled in. */
export interface DashboardQuery {
  readonly dashboard: string
  readonly panel: string
  readonly expr: string
}

export interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly schemaVersion: number
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly Variable[] }
}

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>
  readonly datasource?: { readonly type: string; readonly uid: string }
  readonly targets?: readonly {
    readonly expr: string
    readonly refId: string
    readonly legendFormat?: string
  }[]
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } }
}

interface Variable {
  readonly name: string
  readonly query?: string | { readonly query: string }
}

export const dashboards = (): readonly Dashboard[] =>
  globSync('grafana/dashboards/*.json', { cwd: monitoringFolder })
    .sort()
    .map((file) => JSON.parse(readFileSync(join(monitoringFolder, file), 'utf8')))

export const dashboardQueries = (): readonly DashboardQuery[] =>
  dashboards().flatMap(({ title: dashboard, panels }) =>
    panels
      .filter(({ datasource }) => datasource?.uid === 'prometheus')
      .flatMap(({ title: panel, targets = [] }) =>
        targets.map(({ expr }) => ({ dashboard, panel, expr: withoutVariables(expr) })),
      ),
  )

const withoutVariables = (expr: string): string =>
  expr.replaceAll(/\$__(rate_)?interval|\$__range/g, '5m').replaceAll(/\$\{?\w+(:\w+)?\}?/g, 'x')

// Between quotes, in selectors and ranges, and what follows `by` and its kin, are no metrics.
const noMetrics =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g
const words = new Set([
  'and',
  'or',
  'unless',
  'bool',
  'offset',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'Inf',
  'NaN',
])

/** Names of the metrics an expression reads. */
export const metricsIn = (expr: string): readonly string[] => [
  ...new Set(
    [...expr.replaceAll(noMetrics, ' ').matchAll(/(?<![\w.])[a-zA-Z_:][\w:]*(?!\s*\()(?![\w:])/g)]
      .map(([name]) => name)
      .filter((name) => !words.has(name)),
  ),
]
