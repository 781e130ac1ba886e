/** Builds the dashboard into dist/, and serves it for development beside a running stack (docs/dashboard.md). */

import react from '@vitejs/plugin-react'
import { defineConfig, loadEnv } from 'vite'

// What is not a file of the dashboard belongs to the gateway.
const proxied = ['/api', '/docs', '/openapi.json', '/lb', '/health', '/gateway-health', '/lb-health']

const stack = loadEnv('', import.meta.dirname, 'SLUICE').SLUICE ?? 'http://localhost:8080'

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // light-dark() and native dialogs; older browsers would get several times the CSS.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The policy allows no data: scripts or fonts, and hashed files are cached for a year anyway.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: mode === 'report',
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(proxied.map((path) => [path, stack])),
  },
}))
