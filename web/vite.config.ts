import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { catalogues } from './build/catalogues.ts';
import { firstLoad, precompress } from './build/precompress.ts';

// The server sends a strict Content-Security-Policy: nothing inline, no data: addresses.
// Hence no inlined assets and no preload polyfill (it is an inline script in some browsers).
export default defineConfig({
  plugins: [catalogues(), svelte(), precompress(), firstLoad({ budget: 120 * 1024 })],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: false,
    rolldownOptions: {
      output: {
        // The shell in one piece, and what the chat shares with pages around it: on a slow line two dozen small files cost more
        // than their bytes. The guard and the scripts come later, and so does what is seldom drawn.
        advancedChunks: {
          groups: [
            { name: 'shell', test: /src\/(api|app(?!\/LeaveDialog)|base(?!\/(?:guard|script)\/)|ui(?!\/QrCode))\/|node_modules\/svelte\// },
            { name: 'chat', test: /features\/messages\/(index|conversation|explaining|labels|mentions|titles|topic-menu|MarkingChoice|MessageBody|Warned)\./ },
          ],
        },
      },
    },
  },
  server: {
    // The tables of the guard and of the vocabulary lie outside of this folder.
    fs: { allow: ['.', '../guard/data', '../server/vocabulary'] },
    proxy: { '/api': { target: process.env.EGIDA_ORIGIN ?? 'http://127.0.0.1:8080', ws: true } },
  },
  test: {
    include: ['src/**/*.test.ts', 'messages/**/*.test.ts', 'build/**/*.test.ts'],
    environment: 'node',
  },
});
