import { readdirSync, readFileSync } from 'node:fs';
import { Text } from '@codemirror/state';
import { expect, test } from 'vitest';
import { programOf as recorded } from '../../../scripts/python/recordings.mjs';
import { decorate } from '../../../web/src/views/editor/marks';
import { exampleOf, programOf, readExamples } from '../../../web/src/views/examples';

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

test('an example is known by its program; in an old link by all but what it says to the menu', () => {
  const examples = readExamples(files, 'default');
  const deadlock = examples.find(({ name }) => name === '10_deadlock');
  const old = (hint: string): string =>
    `# Title: A deadlock, and a way out\n${hint}${deadlock?.code.split(/^#.*\n/m).at(-1)}`;
  for (const hint of ['', '# Each task holds one.\n', '# Each task holds one.\n# Finding: lock-order\n'])
    expect(exampleOf(examples, old(hint))).toBe(deadlock);
  for (const example of examples) {
    expect(exampleOf(examples, example.code)).toBe(example);
    expect(exampleOf(examples, files[`../examples/${example.name}.py`] ?? '')).toBe(example);
    // What somebody changed is theirs.
    expect(exampleOf(examples, `# mine\n${example.code}`)).toBeUndefined();
    expect(exampleOf(examples, `# Title: mine\n${example.code}#`)).toBeUndefined();
  }
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
