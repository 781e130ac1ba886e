/** What the supply chain may contain. An addition is a decision: it says why. */

/** Licences whose terms a user of Sluice keeps by keeping the notices. */
export const licences: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-3.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  // lightningcss (vite) and axe-core: tools, used as they are and no part of what is served.
  'MPL-2.0',
  // Inter, the font of the dashboard: handed on as it is.
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
  'Zlib',
])

/** Packages that forgot the field; what their licence file says, read by a person. */
export const licencesRead: Readonly<Record<string, string>> = {
  'jsonc-simple-parser': 'MIT',
}

/** Packages that may run a script while they are installed. */
export const installScripts: Readonly<Record<string, string>> = {
  esbuild: 'puts the binary of this platform in place; used by vite and drizzle-kit',
}
