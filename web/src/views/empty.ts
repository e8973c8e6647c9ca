/** What a pane says while there is nothing in it: what to do, or that there is nothing. */
import type { RunEnd } from '../protocol/run-info';
import type { Store } from './store';

/** What Python finds before it runs a line. */
const UNREAD = ['SyntaxError', 'IndentationError', 'TabError'];

function failure({ type, line }: NonNullable<RunEnd['problem']>): string {
  const where = line === undefined ? type : `${type} at line ${line}`;
  return UNREAD.includes(type)
    ? `The program did not start: ${where}.`
    : `The program failed before it started an event loop: ${where}.`;
}

export function emptyTimeline(store: Store): string {
  store.version.value;
  if (store.running.value) return 'The program is running. It has not started an event loop yet.';
  const { trace, info } = store.run.value;
  const { problem } = info.end ?? {};
  if (trace.exit && problem) return failure(problem);
  if (trace.exit) return 'This run is over, and no event loop ran in it.';
  if (store.veiled.value) return 'Predict first: what the event loop does appears here when you run it.';
  return 'Run the program to see what its event loop does.';
}

export function emptyOutput(store: Store): string {
  if (store.running.value) return 'Nothing printed yet.';
  if (store.veiled.value && store.run.value.trace.count === 0) return 'Predict first, then run it.';
  return store.run.value.trace.count > 0
    ? 'The program printed nothing.'
    : 'What the program prints appears here. Press Run.';
}
