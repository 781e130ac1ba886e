/** Writes `.env.example` and docs/configuration.md from app/config.ts and settings/compose.ts: `node scripts/env-example.ts`. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './engine/layout.ts'
import { composeSettings } from './settings/compose.ts'
import { settingGroups } from './settings/groups.ts'
import { configurationPage, envExample } from './settings/texts.ts'

const groups = [...settingGroups(), composeSettings]
writeFileSync(join(root, '.env.example'), envExample(groups))
writeFileSync(join(root, 'docs/configuration.md'), configurationPage(groups))
