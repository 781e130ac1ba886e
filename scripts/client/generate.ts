/** TypeScript types from an OpenAPI document, by openapi-typescript. */

import { spawnSync } from 'node:child_process'
import { registerHooks } from 'node:module'
import { root } from '#scripts/engine/layout.ts'

const head = `/** Generated from the application's routes by scripts/client.ts; do not edit. */

`

/** The text of `schema.ts`, formatted as everything else is. */
export async function schemaOf(document: string): Promise<string> {
  const { default: openapiTypescript, astToString } = await generator()
  const nodes = await openapiTypescript(JSON.parse(document), {
    alphabetize: true,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    // What has a default may be left out.
    defaultNonNullable: false,
  })
  return formatted(head + astToString(nodes))
}

/**
 * TypeScript 7 has no compiler API for programs such as this generator. tap brings a TypeScript 5 with it, for its own
 * use; the generator is given that one. (An alias in package.json would fight over node_modules/.bin/tsc.)
 */
function generator(): Promise<typeof import('openapi-typescript')> {
  const { resolve } = import.meta
  const tapsOwn = resolve('@tapjs/test', resolve('tap'))
  registerHooks({
    resolve: (specifier, context, next) =>
      next(
        specifier,
        specifier === 'typescript' && context.parentURL?.includes('/openapi-typescript/')
          ? { ...context, parentURL: tapsOwn }
          : context,
      ),
  })
  return import('openapi-typescript')
}

function formatted(text: string): string {
  const { stdout, stderr, status } = spawnSync(
    `${root}/node_modules/.bin/biome`,
    ['format', '--vcs-enabled=false', '--stdin-file-path=app/client/schema.ts'],
    { cwd: root, input: text, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  if (status !== 0) throw new Error(`biome: ${stderr}`)
  return stdout
}
