import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Vitest reports failures with Map.groupBy, which Node has from version 21 on.
Map.groupBy ??= <K, V>(items: Iterable<V>, keyOf: (item: V, index: number) => K): Map<K, V[]> => {
  const groups = new Map<K, V[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
};

// Tests of the page's pure code. They run in Node: whatever needs a browser belongs to tests/e2e. What a test sets for all
// it takes back: files share a process, for starting one takes longer than most of them.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // Random tests take their time where many share a machine.
  test: {
    testTimeout: 60_000,
    include: ['tests/web/**/*.test.{ts,tsx}'],
    environment: 'node',
    isolate: false,
    maxWorkers: availableParallelism(),
    setupFiles: ['tests/web/helpers/seed.ts'],
    passWithNoTests: true,
  },
});
