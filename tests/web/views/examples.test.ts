import { readdirSync, readFileSync } from 'node:fs';
import { Text } from '@codemirror/state';
import { expect, test } from 'vitest';
import { programOf as recorded } from '../../../scripts/python/recordings.mjs';
import { decorate } from '../../../web/src/views/editor/marks';
import { programOf, readExamples } from '../../../web/src/views/examples';

const folder = new URL('../../../web/examples/', import.meta.url);
const files = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith('.py'))
    .map((name) => [`../examples/${name}`, readFileSync(new URL(name, folder), 'utf8')]),
);

test('the menu begins with the default program; every other one has a title and a hint of its own', () => {
  const examples = readExamples(files, 'default');
  expect(examples[0]?.name).toBe('default');
  expect(examples[0]?.code).toMatch(
    /^import asyncio\n\n\nasync def foo\(\):\n {4}print\('Running in foo'\)\n/,
  );
  expect(examples.length).toBeGreaterThan(7);
  for (const key of ['title', 'hint', 'code'] as const) {
    expect(new Set(examples.map((example) => example[key])).size).toBe(examples.length);
  }
  for (const { code, hint } of examples) {
    expect(hint).not.toBe('');
    expect(Math.max(...code.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  }
});

test('what an example says to the menu is no part of the program, neither on the page nor in its recording', () => {
  for (const text of Object.values(files)) {
    const program = programOf(text);
    expect(program).not.toMatch(/^# (Title|Finding):/m);
    expect(recorded(text)).toBe(program);
    expect(program.endsWith(text.slice(text.indexOf('import asyncio')))).toBe(true);
  }
  const [deadlock] = readExamples({ '10_deadlock.py': files['../examples/10_deadlock.py'] ?? '' }, '');
  expect(deadlock?.code).toMatch(/^# A deadlock, and a way out\n# Each task .*\nimport asyncio\n/);
});

test('marks of one line become one decoration; lines that are not there are left out', () => {
  const marks = decorate(
    [
      { line: 2, kind: 'sleep', note: 'a waits for sleep(1)' },
      { line: 2, kind: 'ready', note: 'b is ready' },
      { line: 2, kind: 'ready', note: 'b is ready' },
      { line: 99, kind: 'run', note: 'gone' },
      { line: 1, kind: 'run', note: 'c runs' },
    ],
    Text.of(['one', 'two']),
  );
  const seen: unknown[] = [];
  marks.between(0, 10, (from, _to, { spec }) => {
    seen.push([from, spec.class, spec.attributes['data-note']]);
  });
  expect(seen).toEqual([
    [0, 'ls-mark ls-mark-run', 'c runs'],
    [4, 'ls-mark ls-mark-sleep ls-mark-ready', 'a waits for sleep(1), b is ready'],
  ]);
});
