import { expect, test } from 'vitest';
import { labelCanvas } from '../../../web/src/timeline/shell';

/** What a canvas of so many tasks and runs is called. */
function label(tasks: number, runs: number): string | undefined {
  const attributes = new Map<string, string>();
  const canvas = {
    getAttribute: (name: string) => attributes.get(name) ?? null,
    setAttribute: (name: string, value: string) => void attributes.set(name, value),
  };
  labelCanvas(canvas as unknown as HTMLCanvasElement, tasks, runs);
  return attributes.get('aria-label');
}

test.each([
  [0, 0, 'Timeline, empty'],
  [1, 0, 'Timeline of 1 task, 0 handle runs.'],
  [3, 0, 'Timeline of 3 tasks, 0 handle runs.'],
  [0, 1, 'Timeline of 0 tasks, 1 handle run.'],
  [1, 1, 'Timeline of 1 task, 1 handle run.'],
  [3, 8, 'Timeline of 3 tasks, 8 handle runs.'],
])('a canvas with %i tasks and %i runs says so, and is empty only without both', (tasks, runs, words) => {
  expect(label(tasks, runs)?.replace(' The tree grid Tasks tells the same in words.', '')).toBe(words);
});
