/** Fills the templates of nginx in: the native engine's counterpart of envsubst in the containers. */

import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { EngineError } from './engine-error.ts'

export type Variables = Readonly<Record<string, string>>

// As envsubst with a list of names: `${NAME}` in capitals is ours, `$name` and `${name}` belong to nginx.
const placeholder = /\$\{([A-Z][A-Z0-9_]*)\}/g

/** The names a template asks for. */
export const variablesOf = (template: string): string[] => [
  ...new Set([...template.matchAll(placeholder)].map(([, name]) => name ?? '')),
]

/** @throws {EngineError} naming the variable nobody filled in */
export const fill = (template: string, variables: Variables): string =>
  template.replace(placeholder, (_, name: string) => {
    const value = variables[name]
    if (value === undefined) throw new EngineError(`nginx template asks for ${name}, which nothing sets`)
    return value
  })

/** Renders every `*.template` below `templates` into `target`, without the suffix, in a folder made anew. */
export function renderNginx(templates: string, target: string, variables: Variables): void {
  rmSync(target, { recursive: true, force: true })
  renderInto(templates, target, variables)
}

/** The same into the folder of an nginx that runs. */
export function renderInto(templates: string, target: string, variables: Variables): void {
  for (const file of globSync('**/*.template', { cwd: templates })) {
    const rendered = join(target, dirname(file), basename(file, '.template'))
    mkdirSync(dirname(rendered), { recursive: true, mode: 0o700 })
    try {
      writeFileSync(rendered, fill(readFileSync(join(templates, file), 'utf8'), variables))
    } catch (error) {
      if (error instanceof EngineError) {
        throw new EngineError(`${relative(process.cwd(), join(templates, file))}: ${error.message}`)
      }
      throw error
    }
  }
}
