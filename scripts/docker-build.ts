/** `make docker-build`: the images of docker-compose.yml. */

import { command } from './engine/command.ts'
import { composeFor } from './engine/docker.ts'
import { localSettings } from './engine/settings.ts'

await command(async () => composeFor(localSettings()).build())
