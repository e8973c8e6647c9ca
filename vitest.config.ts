import { defineConfig } from 'vitest/config';

// Tests of the page's pure code. They run in Node: whatever needs a browser belongs to tests/e2e.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: { include: ['tests/web/**/*.test.{ts,tsx}'], environment: 'node', passWithNoTests: true },
});
