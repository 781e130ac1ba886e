/** Takes the demo's accounts, keys and data away, so that an installation can leave demo mode. What else its accounts own keeps an owner. */

import { loadConfig } from '#app/load-config.ts'
import { purgeDemoAccounts } from '#modules/users/index.ts'
import { openDatabase } from './open-database.ts'

const config = loadConfig(process.env)
const database = openDatabase(config, 'demo-purge')
await database.transaction(async (transaction) => {
  await transaction.text(
    `delete from resources where description = 'Resource number ' || id || ' of the demo'`,
  )
  await transaction.text(`delete from items where description = 'Item number ' || id || ' of the demo'`)
  await purgeDemoAccounts(transaction)
})
await database.close()
console.log('demo-purge: the accounts, keys and data of the demo are gone; restart without DEMO')
