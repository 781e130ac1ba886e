/** Fills an empty database with the demo: two accounts, two API keys, twenty resources, twenty items. Running it again changes nothing. */

import { loadConfig } from '#app/load-config.ts'
import type { Session } from '#kernel/database.ts'
import { passSeeded, seedDemoAccounts } from '#modules/users/index.ts'
import { openDatabase } from './open-database.ts'

const config = loadConfig(process.env)
if (!config.DEMO) {
  console.error('seed: this is for demo mode alone; set DEMO=true')
  process.exit(1)
}

const database = openDatabase(config, 'seed')

async function seed(session: Session): Promise<void> {
  await seedDemoAccounts(session)
  await session.text(`insert into resources (id, name, type, description, metadata, owner_id)
    overriding system value
    select n, 'Resource ' || n, (array['document', 'image', 'dataset', 'service'])[n % 4 + 1],
      'Resource number ' || n || ' of the demo', jsonb_build_object('rank', n), 1 + n % 2
    from generate_series(1, 20) n
    where not exists (select from resources)`)
  await session.text(`insert into items (id, title, description, price_cents, owner_id)
    overriding system value
    select n, (array['Copper kettle', 'Oak table', 'Wool blanket', 'Field lamp', 'Steel flask'])[n % 5 + 1] || ' No. ' || n,
      'Item number ' || n || ' of the demo', 990 + n * 100, 1 + n % 2
    from generate_series(1, 20) n
    where not exists (select from items)`)
  await passSeeded(session, 'resources')
  await passSeeded(session, 'items')
}

await database.transaction(seed)
await database.close()
console.log('seed: demo accounts, resources and items are there')
