/** Takes secrets out of what is logged: by the name of a member at any depth, and by their look inside of texts. */

const secretName =
  /^(authorization|cookie|set-cookie|headers|.*password|.*secret|.*token|.*api-?key|key|secret_?hash)$/i

/** Deeper than this nothing is logged: what is there was not meant for a log. */
const maxDepth = 6
const redactedText = '[redacted]'

/** A copy of `value` without secrets; errors stay as they are, they are written out by their own rule. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return withoutSecrets(value)
  if (typeof value !== 'object' || value === null || value instanceof Error) return value
  if (depth === maxDepth) return '[deeper]'
  if (Array.isArray(value)) return value.map((each) => redacted(each, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      secretName.test(name) ? redactedText : redacted(member, depth + 1),
    ]),
  )
}

const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic) +[\w\-.~+/]+=*/gi, `$1 ${redactedText}`],
  // Of a URL: the password before its host, and what a query calls a secret.
  [/(:\/\/[^\s/:@]*):[^\s/@]+@/g, `$1:${redactedText}@`],
  [/([?&][\w-]*(?:token|password|secret|key|code)=)[^&\s"']+/gi, `$1${redactedText}`],
]

const withoutSecrets = (text: string): string =>
  patterns.reduce((left, [pattern, instead]) => left.replaceAll(pattern, instead), text)
