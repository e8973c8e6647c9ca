import { existsSync } from 'node:fs';
import { defineConfig } from 'vite';
import { lessons } from './scripts/vite_lessons.mjs';
import { adoptStyles, loopscope } from './scripts/vite_loopscope.mjs';

const page = (name: string) => new URL(`web/${name}`, import.meta.url).pathname;

// The Python assets take their time once; that is no news.
const checks = { pluginTimings: false };

export default defineConfig({
  root: 'web',
  // Tests and servers read dist/ as it is: every file in assets/ and runtime/ carries its content's hash.
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    reportCompressedSize: false,
    rolldownOptions: {
      checks,
      input: ['index.html', 'embed.html', 'cheat-sheet.html'].map(page).filter((path) => existsSync(path)),
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [loopscope(), lessons(), adoptStyles()],
  optimizeDeps: { exclude: ['style-mod'] },
});
