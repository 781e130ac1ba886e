/** Writes `.env.example` and docs/configuration.md from app/config.ts: `node scripts/env-example.ts`. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './engine/layout.ts'
import { settingGroups } from './settings/groups.ts'
import { configurationPage, envExample } from './settings/texts.ts'

const groups = settingGroups()
writeFileSync(join(root, '.env.example'), envExample(groups))
writeFileSync(join(root, 'docs/configuration.md'), configurationPage(groups))
