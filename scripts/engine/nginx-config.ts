/** Fills the templates of nginx in: the native engine's counterpart of envsubst in the containers. */

import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
  const texts = textsOf(templates, variables)
  for (const [file, text] of texts) {
    const rendered = join(target, file)
    mkdirSync(dirname(rendered), { recursive: true, mode: 0o700 })
    writeFileSync(rendered, text)
  }
  mkdirSync(target, { recursive: true, mode: 0o700 })
  writeFileSync(join(target, sumFile), sumOf(texts, variables))
}

/** Whether rendering again, with the snippets as they are now, would change nothing of what nginx reads. */
export function isRendered(templates: string, target: string, variables: Variables): boolean {
  const file = join(target, sumFile)
  return existsSync(file) && readFileSync(file, 'utf8') === sumOf(textsOf(templates, variables), variables)
}

/** For an nginx that did not take what was rendered: it is not what it runs with. */
export const disownRendered = (target: string): void => rmSync(join(target, sumFile), { force: true })

const sumFile = '.sum'

function textsOf(templates: string, variables: Variables): Map<string, string> {
  const texts = new Map<string, string>()
  for (const file of globSync('**/*.template', { cwd: templates }).sort()) {
    try {
      const text = fill(readFileSync(join(templates, file), 'utf8'), variables)
      texts.set(join(dirname(file), basename(file, '.template')), text)
    } catch (error) {
      if (error instanceof EngineError) {
        throw new EngineError(`${relative(process.cwd(), join(templates, file))}: ${error.message}`)
      }
      throw error
    }
  }
  return texts
}

/** Snippets are included where they lie, and read with the rest. */
function sumOf(texts: ReadonlyMap<string, string>, { SNIPPETS_DIR: snippets }: Variables): string {
  const sum = createHash('sha256').update(JSON.stringify([...texts]))
  if (snippets !== undefined) {
    for (const file of globSync('*.{conf,map}', { cwd: snippets }).sort()) {
      sum.update(file).update(readFileSync(join(snippets, file)))
    }
  }
  return sum.digest('hex')
}
