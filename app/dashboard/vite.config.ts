/** Builds the dashboard into dist/, and serves it for development beside a running stack (docs/dashboard.md). */

import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, loadEnv, type Plugin } from 'vite'

// What is not a file of the dashboard belongs to the gateway.
const proxied = ['/api', '/docs', '/openapi.json', '/lb', '/health', '/gateway-health', '/lb-health']

const stack = loadEnv('', import.meta.dirname, 'SLUICE').SLUICE ?? 'http://localhost:8080'

/** Once, as small as gzip makes them; nginx hands them out as they are (gzip_static). */
const compressed = (): Plugin => ({
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir = '' }) {
    for (const file of globSync('assets/*.{js,css}', { cwd: dir })) {
      const path = join(dir, file)
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }))
    }
  },
})

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  plugins: [react(), compressed()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // light-dark() and native dialogs; older browsers would get several times the CSS.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The policy allows no data: scripts or fonts, and hashed files are cached for a year anyway.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: mode === 'report',
    rolldownOptions: {
      output: {
        // One file for what nearly every page uses, in the place of a dozen of one kilobyte.
        codeSplitting: {
          groups: [
            { name: 'shared', test: /dashboard\/(api|components|live)\/|@tanstack/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(proxied.map((path) => [path, stack])),
  },
}))
