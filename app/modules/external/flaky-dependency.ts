/** Demo mode's stand-in for somebody else's service: answers most of the time, fails or dawdles the rest. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Listens on a free loopback port. Resolves to its address and the server, to be closed with the process. */
export async function openFlakyDependency({ failing = 0.3, slow = 0.1, random = Math.random } = {}): Promise<{
  url: string
  server: Server
}> {
  const server = createServer((_request, response) => {
    const answer = (): void => {
      response.writeHead(random() < failing ? 500 : 200, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({
          temperatureCelsius: Math.round(random() * 30),
          observedAt: new Date().toISOString(),
        }),
      )
    }
    if (random() < slow) setTimeout(answer, 2_000).unref()
    else answer()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server }
}
