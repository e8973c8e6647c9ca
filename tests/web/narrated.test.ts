/**
 * Programs and the whole story the page tells of them, side by side: `narrated/NAME.py` and `narrated/NAME.txt`. They are
 * run by the Python of the page, under the virtual clock. `NARRATE=1` writes the stories anew: read them before you keep
 * them.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { decodeFrames } from '../../web/src/protocol/decode';
import { narration } from '../../web/src/trace/narrate';
import { Trace } from '../../web/src/trace/trace';
import { startPython } from '../conformance/pyodide.mjs';

const folder = new URL('./narrated/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.py'))
  .map((name) => name.slice(0, -3));

/**
 * Records as `loopscope.record` does. Promises are real ones, awaited through Pyodide's own interface; but Node has no
 * JSPI, so while Python waits JavaScript has no turn, and the outside settles in its place what is waited for.
 * (tests/e2e/test_promise.py tells the same program's story where JavaScript has its turn.)
 */
const HOST = `
from loopscope import clock, promises
from loopscope.session import Session, ThreadHost

clock.monotonic = lambda: 0.0  # what is waited for from outside takes no time here
made = []

class Outside(ThreadHost):
    def park(self, timeout):
        if not made:
            return super().park(timeout)
        made.pop().set_result('from outside')
        return True

init = promises.PromiseFuture.__init__
def remembered(self, *, loop):
    init(self, loop=loop)
    made.append(self)
promises.PromiseFuture.__init__ = remembered

def record(source):
    frames = []
    session = Session(frames.append, host=Outside(), cpu=lambda: 0.0, bases=(promises.PromiseLoop,))
    session.run(source)
    session.analyse(source)
    return b''.join(frames)
`;

const stories = new Map<string, string>();

beforeAll(async () => {
  const python = await startPython();
  python.runPython(HOST);
  for (const name of names) {
    python.globals.set('source', readFileSync(new URL(`${name}.py`, folder), 'utf8'));
    const recorded = python.runPython('record(source)').getBuffer('u8');
    const trace = new Trace();
    for (const frame of decodeFrames(recorded.data.slice().buffer)) trace.append(frame);
    recorded.release();
    stories.set(name, narration(trace));
  }
}, 120_000);

test.each(names)('%s', (name) => {
  const file = new URL(`${name}.txt`, folder);
  if (process.env.NARRATE) writeFileSync(file, stories.get(name) as string);
  expect(stories.get(name)).toBe(readFileSync(file, 'utf8'));
});
