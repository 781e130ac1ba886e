/** How the runner tells system tests which stack is theirs: a port base, or `running` for the one people use. */
export const stackVariable = 'TEST_STACK'

/** Ports of the tests' own stack; another one where these are taken. */
export const ownPortBase = (): number => Number(process.env.TEST_PORT_BASE || 24_000)
