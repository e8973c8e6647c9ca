/**
 * The clock of a run between its batches. A loop that waits sends nothing until it wakes; where its clock follows the real
 * one, the page lets it go on by itself, so that waits are seen to grow.
 */
import type { Seconds, Trace } from '../trace/trace';
import type { Clock } from './store';

/** Milliseconds between beats. */
const EVERY = 50;

export interface Pulse {
  /** A batch has come: it tells the time better. */
  heard(): void;
  stop(): void;
}

/** The clock a run goes by. `pace`: virtual seconds in a real one while the loop waits; 0 or missing: time jumps. */
export interface Going {
  clock: Clock;
  pace?: number;
}

/** How many seconds of the run's clock pass in so many real milliseconds without news. */
export function passed(life: Trace['life'], { clock, pace = 0 }: Going, ms: number): Seconds {
  if (clock === 'real') return life === 'waits' || life === 'runs' ? ms / 1000 : 0;
  return life === 'waits' ? (ms / 1000) * pace : 0;
}

/** `beat`: the trace's clock has gone on. */
export function createPulse(trace: Trace, going: Going, beat: () => void): Pulse {
  let heardAt = performance.now();
  const timer = setInterval(() => {
    const ms = performance.now() - heardAt;
    if (ms >= EVERY && trace.advance(passed(trace.life, going, ms))) beat();
  }, EVERY);
  return {
    heard() {
      heardAt = performance.now();
    },
    stop: () => clearInterval(timer),
  };
}
