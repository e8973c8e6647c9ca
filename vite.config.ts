import { defineConfig } from 'vite';
import { lessons } from './scripts/vite_lessons.mjs';
import { adoptStyles, loopscope } from './scripts/vite_loopscope.mjs';
import { start } from './scripts/vite_start.mjs';

const page = (name: string) => new URL(`web/${name}`, import.meta.url).pathname;

const SCRIPT = 'src/playground/element.ts';
/** Of the page, before its own script: see scripts/vite_start.mjs. */
const START = 'src/start.ts';

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
      input: [
        'index.html',
        'embed.html',
        'embed-demo.html',
        'cheat-sheet.html',
        '404.html',
        SCRIPT,
        START,
      ].map(page),
      // Other people's pages include it by this name, for ever.
      output: {
        entryFileNames: ({ facadeModuleId }) =>
          facadeModuleId === page(SCRIPT) ? 'loopscope-playground.js' : 'assets/[name]-[hash].js',
      },
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [loopscope(), lessons(), adoptStyles(), start(START)],
  optimizeDeps: { exclude: ['style-mod'] },
});
