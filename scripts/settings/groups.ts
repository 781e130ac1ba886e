/** The settings in their groups, as app/config.ts has them. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Setting, settings } from '#app/config.ts'
import { root } from '#scripts/engine/layout.ts'

export interface SettingGroup {
  readonly title: string
  readonly settings: readonly (readonly [name: string, setting: Setting])[]
}

/** The names of the groups are comments of the schema, so they are read from its text. */
export function settingGroups(): SettingGroup[] {
  const lines = readFileSync(join(root, 'app/config.ts'), 'utf8').split('\n')
  const groups: { title: string; settings: [string, Setting][] }[] = []
  for (const line of lines) {
    const title = /^ {2}\/\/ (.+)$/.exec(line)?.[1]
    const name = /^ {2}([A-Z0-9_]+):/.exec(line)?.[1]
    const setting = name === undefined ? undefined : settings[name]
    if (title !== undefined) groups.push({ title, settings: [] })
    if (name !== undefined && setting) groups.at(-1)?.settings.push([name, setting])
  }
  // A comment between two settings names a group only when a setting follows.
  return groups.filter(({ settings }) => settings.length > 0)
}
