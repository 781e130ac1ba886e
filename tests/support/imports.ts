/** What a source file imports, read by a real parser: static, type-only, side-effect, re-exported, dynamic, required. */

import { parseSync, Visitor } from 'oxc-parser'

export interface SourceFacts {
  /** Specifiers as written. One that is computed at run time cannot be judged and is `undefined`. */
  readonly imports: readonly (string | undefined)[]
  readonly readsEnvironment: boolean
}

/** @throws {SyntaxError} on a file that does not parse: what cannot be read must not pass. */
export function factsOf(path: string, source: string): SourceFacts {
  const { program, module, errors } = parseSync(path, source)
  if (errors[0]) throw new SyntaxError(`${path}: ${errors[0].message}`)
  const imports: (string | undefined)[] = [
    ...module.staticImports.map((statement) => statement.moduleRequest.value),
    ...module.staticExports.flatMap((statement) =>
      statement.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
  ]
  let readsEnvironment = false
  new Visitor({
    ImportExpression: (node) => imports.push(literal(node.source)),
    TSImportType: (node) => imports.push(literal(node.source)),
    TSExternalModuleReference: (node) => imports.push(literal(node.expression)),
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require')
        imports.push(literal(node.arguments[0]))
    },
    MemberExpression: (node) => {
      const isProcess = node.object.type === 'Identifier' && node.object.name === 'process'
      const name = node.property.type === 'Identifier' ? node.property.name : literal(node.property)
      if (isProcess && name === 'env') readsEnvironment = true
    },
    VariableDeclarator: (node) => {
      // `const { env } = process`
      if (node.init?.type === 'Identifier' && node.init.name === 'process') readsEnvironment = true
    },
  }).visit(program)
  const usesProcessModule = imports.some((name) => name === 'node:process' || name === 'process')
  return { imports, readsEnvironment: readsEnvironment || usesProcessModule }
}

interface Expression {
  readonly type: string
  readonly value?: unknown
}

const literal = (node: Expression | undefined): string | undefined =>
  node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
