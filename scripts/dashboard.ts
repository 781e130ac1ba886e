/** `make dashboard`: builds the dashboard, which a running gateway serves from then on. */

import { command } from './engine/command.ts'
import { buildDashboard } from './engine/dashboard.ts'

const words = {
  built: 'built: app/dashboard/dist',
  unchanged: 'nothing has changed since it was built',
  'no-vite': 'vite is missing: npm install without --omit=dev',
}

await command(async () => console.log(words[await buildDashboard()]))
