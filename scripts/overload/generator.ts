/** The process that makes the load: takes a plan, prints what came of it. */

import { openLoad } from './open-load.ts'
import type { LoadPlan } from './plan.ts'

console.log(JSON.stringify(await openLoad(JSON.parse(process.argv[2] ?? '') as LoadPlan)))
