/** Reads source files against a table of who may import whom, and names each import that the table does not allow. */

import { posix } from 'node:path'
import { factsOf } from './imports.ts'

export interface Rules {
  /** The first row whose pattern fits is the layer of a file. A file that fits none is a violation. */
  readonly layers: readonly Layer[]
  /** package.json `imports`. */
  readonly aliases: Readonly<Record<string, string>>
  /** Single imports that the table forbids and a reason allows. */
  readonly exceptions: readonly Exception[]
}

export interface Layer {
  readonly name: string
  readonly files: RegExp
  /** Layers it may import besides itself. */
  readonly imports: readonly string[]
  /** npm packages and `node:` modules. */
  readonly packages: boolean
  readonly readsEnvironment: boolean
}

export interface Exception {
  readonly file: string
  readonly specifier: string
  readonly why: string
}

/** One line per violation: the file, the import, the rule. `sources` are texts by path from the root. */
export function violations(sources: ReadonlyMap<string, string>, rules: Rules): string[] {
  if (sources.size === 0) return ['no source file was found']
  return [...sources].flatMap(([file, source]) => {
    const layer = layerOf(file, rules)
    if (!layer) return [`${file}: belongs to no layer`]
    const { imports, readsEnvironment } = factsOf(file, source)
    const wrong = [...new Set(imports)]
      .filter((specifier) => !isExcepted(file, specifier, rules))
      .flatMap((specifier) => {
        const reason = objection(file, layer, specifier, rules)
        return reason === undefined ? [] : [`${file}: ${specifier ?? 'a computed import'}: ${reason}`]
      })
    const readsWrongly = readsEnvironment && !layer.readsEnvironment
    return readsWrongly ? [...wrong, `${file}: process.env: ${layer.name} is handed values`] : wrong
  })
}

/** Exceptions that nothing uses any more. */
export function staleExceptions(sources: ReadonlyMap<string, string>, { exceptions }: Rules): Exception[] {
  return exceptions.filter(({ file, specifier }) => {
    const source = sources.get(file)
    return source === undefined || !factsOf(file, source).imports.includes(specifier)
  })
}

function objection(
  file: string,
  layer: Layer,
  specifier: string | undefined,
  rules: Rules,
): string | undefined {
  if (specifier === undefined) return 'nobody can say what it loads'
  if (/(^|\/)\.\.(\/|$)/.test(specifier)) return 'crosses folders by ../: use a #alias'
  const target = resolve(file, specifier, rules)
  if (target === undefined) {
    if (specifier.startsWith('#')) return 'is no alias of package.json'
    return layer.packages ? undefined : `${layer.name} imports no package`
  }
  const below = layerOf(target, rules)
  if (!below) return `${target} belongs to no layer`
  if (below !== layer && !layer.imports.includes(below.name))
    return `${layer.name} may not import ${below.name}`
  const module = moduleOf(target)
  const isOutside = module !== undefined && module !== moduleOf(file) && !/^tests\//.test(file)
  const isDoor = target.endsWith('/index.ts') || (layer.name === 'dashboard' && below.name === 'schemas')
  return isOutside && !isDoor ? `the only door of ${module} is its index.ts` : undefined
}

/** The path from the root that a specifier means; undefined for a package. */
function resolve(file: string, specifier: string, { aliases }: Rules): string | undefined {
  if (specifier.startsWith('/') || specifier.startsWith('file:')) return specifier
  if (specifier.startsWith('./')) return posix.join(posix.dirname(file), specifier)
  // Node prefers the longest alias: #app/* would also fit what #app/x/* means.
  const fitting = Object.keys(aliases)
    .filter((alias) => specifier.startsWith(alias.replace(/\*$/, '')))
    .sort((a, b) => b.length - a.length)[0]
  const folder = fitting === undefined ? undefined : aliases[fitting]
  if (fitting === undefined || folder === undefined) return undefined
  return posix.normalize(folder.replace('*', () => specifier.slice(fitting.length - 1)))
}

const layerOf = (file: string, { layers }: Rules): Layer | undefined =>
  layers.find((layer) => layer.files.test(file))

const moduleOf = (file: string): string | undefined => /^app\/modules\/[^/]+/.exec(file)?.[0]

const isExcepted = (file: string, specifier: string | undefined, { exceptions }: Rules): boolean =>
  exceptions.some((exception) => exception.file === file && exception.specifier === specifier)
