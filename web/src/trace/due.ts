/**
 * Timers that came due while the loop was busy. Whom such a timer wakes could go on, and has to wait until the loop gets
 * round to its timers:
 *
 *     report      ▇▇▇▇▇▇▇▇▇▇▇▇▇▇        a blocking call
 *     heartbeat   ──────╱╱╱╱╱╱╱╱▇       sleeps; due, the loop is busy; runs
 */
import { isRun, type Runs } from './runs';
import { type EventIndex, How, Kind, type Seconds, type Timer, type Trace } from './trace';

/** Less than this is what any loop needs for its work. */
const LATE: Seconds = 1e-3;

export interface Due {
  when: Seconds;
  /** Phase of that moment, see runs.ts. */
  phase: number;
  /** The run that kept the loop busy then; the trace's count: the one in progress. */
  busy: EventIndex;
}

/** Row of the timer that a step ended waiting for; -1: none. */
export function timerRowOf(trace: Trace, step: EventIndex): EventIndex {
  if (trace.kind.at(step) !== Kind.STEP || trace.how.at(step) !== How.SUSPENDED) return -1;
  return trace.timerRowOf(trace.waits.at(step));
}

/** The timer that a step ended waiting for, as `asyncio.sleep` does. */
export function timerOf(trace: Trace, step: EventIndex): Timer | undefined {
  if (step < 0 || step >= trace.count) return undefined;
  if (trace.kind.at(step) !== Kind.STEP || trace.how.at(step) !== How.SUSPENDED) return undefined;
  return trace.timerOfFuture(trace.waits.at(step));
}

/** Whether a timer that was due at `when` and not seen by `now` is late enough to be told. */
export function isLate(when: Seconds, now: Seconds): boolean {
  return now - when >= LATE;
}

/** Since when what a step waits for was due at `now`, if the loop was too busy to see it; else undefined. */
export function dueBefore(trace: Trace, runs: Runs, step: EventIndex, now: Seconds): Due | undefined {
  const timer = timerRowOf(trace, step);
  if (timer < 0) return undefined;
  const when = trace.end.at(timer);
  if (!isLate(when, now)) return undefined;
  const k = runs.firstEndingAfter(when);
  if (k < runs.count) {
    const busy = runs.rowOf(k);
    const t = trace.t.at(busy);
    const from = runs.phaseOf(busy);
    if (t <= when) {
      return {
        when,
        phase: from + ((when - t) / (trace.end.at(busy) - t)) * (runs.endPhase(busy) - from),
        busy,
      };
    }
    // Between two runs: it was busy unless it rested there.
    const before = runs.firstOf(k) - 1;
    return before >= 0 && trace.kind.at(before) === Kind.IDLE ? undefined : { when, phase: from, busy };
  }
  const { subject, since } = trace.running;
  if (!subject || since > when) return undefined;
  return {
    when,
    phase: runs.phases + (when - since) / Math.max(now - since, when - since),
    busy: trace.count,
  };
}

/** The run that kept the loop busy at a moment before another run; -1: it rested. */
export function busyBefore(trace: Trace, run: EventIndex, when: Seconds): EventIndex {
  let busy = -1;
  for (let i = run - 1; i >= 0 && trace.end.at(i) > when; i--) {
    if (trace.kind.at(i) === Kind.IDLE) return -1;
    if (isRun(trace, i)) busy = i;
  }
  return busy;
}
