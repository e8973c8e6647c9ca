import { expect, test } from 'vitest';
import { Trace } from '../../../web/src/trace/trace';
import { OutputLog } from '../../../web/src/views/output/log';
import { sentence } from '../../../web/src/views/panel/words';
import { FrameWriter, How, Kind } from '../helpers/frames';

function run(...parts: [how: number, text: string][]): { trace: Trace; log: OutputLog } {
  const rows = new FrameWriter();
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('main', 1) });
  for (const [how, text] of parts) rows.row(Kind.OUTPUT, { how, by: 1, aux: rows.text(text) });
  rows.row(Kind.STEP, { how: How.RETURNED, subject: 1, ready_seq: 0 });
  const trace = new Trace();
  rows.feed(trace);
  const log = new OutputLog(100);
  log.update(trace);
  return { trace, log };
}

test('what is typed stands behind its prompt, and is told apart from what was printed', () => {
  const { log } = run([How.STDOUT, 'Name? '], [How.ECHO, 'Ada\n'], [How.STDOUT, 'Hello Ada\n']);
  expect(log.lines.map(({ text, typed }) => [text, typed])).toEqual([
    ['Name? Ada', 6],
    ['Hello Ada', -1],
  ]);
});

test('a line that is typed without a prompt is one of its own', () => {
  const { log } = run([How.STDOUT, 'ready\n'], [How.ECHO, 'go\n']);
  expect(log.lines.map(({ text, typed }) => [text, typed])).toEqual([
    ['ready', -1],
    ['go', 0],
  ]);
});

test('a prompt on the other stream keeps its line, too', () => {
  const { log } = run([How.STDERR, 'Sure? '], [How.ECHO, 'yes\n']);
  expect(log.lines).toMatchObject([{ text: 'Sure? yes', typed: 6, error: true }]);
});

test('a step is told to read what was typed, not to print it', () => {
  const { trace } = run([How.STDOUT, 'Name? '], [How.ECHO, 'Ada\n'], [How.STDOUT, 'Hello\n']);
  expect(sentence(trace, 4)).toBe(
    'main starts: started by the program. It prints “Name? ”, reads “Ada”, prints “Hello” and returns: the task is done.',
  );
});
