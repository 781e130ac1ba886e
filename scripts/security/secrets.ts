/** Looks for secrets in text: keys and tokens by their shape, and long literals under a telling name. */

interface Shape {
  readonly what: string
  readonly pattern: RegExp
}

const shapes: readonly Shape[] = [
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\\?n?[A-Za-z0-9+/=]{16}/ },
  { what: 'an AWS access key', pattern: /\b(AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { what: 'a GitHub token', pattern: /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60})/ },
  { what: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20}/ },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { what: 'a Slack token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{20}/ },
  { what: 'a Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{20}/ },
  { what: 'a Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}\b/ },
  { what: 'a signed token', pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}/ },
  {
    what: 'a password in an address',
    pattern: /\b[a-z][a-z+]+:\/\/[^\s:/@'"`$<{]*:[^\s:/@'"`$<{]{6,}@[a-z0-9.-]+/i,
  },
  {
    what: 'a literal under a secret name',
    pattern:
      /\b[A-Za-z0-9_-]*(secret|password|passwd|api[-_]?key|access[-_]?key|token)["']?\s*[:=]\s*["']?(?=[A-Za-z+/_-]*\d)[A-Za-z0-9+/_-]{28,}={0,2}["']?/i,
  },
]

/** On a line, after it: says that the value is an example, made for a document or a test. */
const marker = 'not-a-secret'

/** One line per find: file, line number, what it looks like; never the value. */
export function secretsIn(file: string, text: string): string[] {
  if (text.includes('\0')) return []
  return text.split('\n').flatMap((line, index) => {
    // A key block puts its body on the next line.
    const next = text.split('\n', index + 2)[index + 1] ?? ''
    const seen = line.includes('-----BEGIN') ? `${line}\n${next}` : line
    if (seen.includes(marker)) return []
    const found = shapes.find(({ pattern }) => pattern.test(seen))
    return found ? [`${file}:${index + 1}: looks like ${found.what}`] : []
  })
}
