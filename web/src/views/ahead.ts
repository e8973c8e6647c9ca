/** Reads a run for the first look back at it, while the page has nothing else to do. */
import type { Run } from './store';

/** Rows read between two looks at the clock. */
const PORTION = 4096;
/** Milliseconds that are left of an idle moment for what may come. */
const SPARE = 2;
/** Where the engine knows no idle moments: pauses, and what is read in one, milliseconds. */
const PAUSE = 50;
const SLICE = 6;

/** Something is to be read of `run()`, whichever that is by then. */
export function createReader(run: () => Run): () => void {
  let waits = false;
  const read = (left: () => number): void => {
    waits = false;
    let more = true;
    while (more && left() > SPARE) more = run().instants.take(PORTION);
    if (more) soon();
  };
  const soon = (): void => {
    if (waits) return;
    waits = true;
    if (typeof requestIdleCallback === 'function') {
      requestIdleCallback((idle) => read(() => idle.timeRemaining()));
      return;
    }
    setTimeout(() => {
      const until = performance.now() + SLICE;
      read(() => until - performance.now());
    }, PAUSE);
  };
  return soon;
}
