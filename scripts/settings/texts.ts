/** The two texts that are made from app/config.ts and compose.ts: `.env.example`, and the page for people. */

import type { Setting } from '#app/config.ts'
import type { SettingGroup } from './groups.ts'

export function envExample(groups: readonly SettingGroup[]): string {
  const blocks = groups.map(({ title, settings }) => {
    const lines = settings.map(
      ([name, { default: value, description }]) => `\n# ${description}\n#${name}=${value}\n`,
    )
    return `\n## ${title}\n${lines.join('')}`
  })
  return `# Every setting with its default. Copy to .env and take the # off the lines you change; empty means the default.\n${blocks.join('')}`
}

export function configurationPage(groups: readonly SettingGroup[]): string {
  const tables = groups.map(({ title, settings }) => {
    const rows = settings.map(
      ([name, setting]) =>
        `| \`${name}\` | ${shownDefault(setting)} | ${cell(takes(setting))} | ${cell(setting.description ?? '')} |`,
    )
    return `\n## ${title}\n\n| setting | default | takes | |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`
  })
  return `# Configuration

Every setting is an environment variable. \`make\` reads them from the environment, then from \`.env\` at the root ([\`.env.example\`](../.env.example) is the
template); an empty one counts as not set. A wrong value stops the start and says what it may be, all of them at once. Generated from
\`app/config.ts\` and \`scripts/settings/compose.ts\` by \`node scripts/env-example.ts\`.
${tables.join('')}`
}

function takes({ expected, type, anyOf, minimum, maximum }: Setting): string {
  if (expected) return expected
  if (anyOf) return anyOf.map((choice) => choice.const).join(', ')
  if (type === 'boolean') return 'true, false'
  return type === 'integer' ? `${grouped(minimum)} to ${grouped(maximum)}` : 'text'
}

const shownDefault = ({ default: value }: Setting): string => (value === '' ? '' : `\`${value}\``)

const grouped = (figure = 0): string => figure.toLocaleString('en')

const cell = (text: string): string => text.replaceAll('|', '\\|')
