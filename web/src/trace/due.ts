/**
 * Timers that came due while the loop was busy. Whom such a timer wakes could go on, and has to wait until the loop gets
 * round to its timers:
 *
 *     report      ▇▇▇▇▇▇▇▇▇▇▇▇▇▇        a blocking call
 *     heartbeat   ──────╱╱╱╱╱╱╱╱▇       sleeps; due, the loop is busy; runs
 */
import type { Runs } from './runs';
import { type EventIndex, How, type Id, Kind, type Seconds, type Timer, type Trace } from './trace';

/** Less than this is what any loop needs for its work. */
const LATE: Seconds = 1e-3;

export interface Due {
  when: Seconds;
  /** Phase of that moment, see runs.ts. */
  phase: number;
  /** The run that kept the loop busy then; the trace's count: the one in progress. */
  busy: EventIndex;
}

/** The timer that a step ended waiting for, as `asyncio.sleep` does. */
export function timerOf(trace: Trace, step: EventIndex): Timer | undefined {
  if (step < 0 || step >= trace.count) return undefined;
  if (trace.kind[step] !== Kind.STEP || trace.how[step] !== How.SUSPENDED) return undefined;
  return trace.timerOfFuture.get(trace.waits[step] as Id);
}

/** Since when what a step waits for was due at `now`, if the loop was too busy to see it; else undefined. */
export function dueBefore(trace: Trace, runs: Runs, step: EventIndex, now: Seconds): Due | undefined {
  const when = timerOf(trace, step)?.when;
  if (when === undefined || now - when < LATE) return undefined;
  const k = runs.firstEndingAfter(when);
  if (k < runs.count) {
    const busy = runs.row[k] as EventIndex;
    const t = trace.t[busy] as Seconds;
    if (t <= when) {
      return { when, phase: k + (when - t) / ((trace.end[busy] as Seconds) - t), busy };
    }
    // Between two runs: it was busy unless it rested there.
    const before = (runs.first[k] as EventIndex) - 1;
    return before >= 0 && trace.kind[before] === Kind.IDLE ? undefined : { when, phase: k, busy };
  }
  const { subject, since } = trace.running;
  if (!subject || since > when) return undefined;
  return { when, phase: k + (when - since) / Math.max(now - since, when - since), busy: trace.count };
}
