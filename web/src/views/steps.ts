/**
 * The steps and callbacks of a run in their order: what Step back and Step forward walk over. What asyncio runs for itself
 * is left out.
 */

import { Bits } from '../trace/bits';
import { TAKEN } from '../trace/heads';
import { Housekeeping } from '../trace/own';
import { type EventIndex, Kind, type Trace } from '../trace/trace';

const WANTED = TAKEN.only('kind', 'subject', 'aux');

export class StepIndex {
  private readonly events = new Bits();
  private seen = 0;

  get count(): number {
    return this.events.count;
  }

  /** Takes in what the trace got since the last time. */
  update(trace: Trace): void {
    const own = new Housekeeping(trace);
    const { kind: kinds, subject, aux } = TAKEN;
    const { events } = this;
    const anyLibrary = trace.libraryTasks.size > 0;
    for (let n = 0; this.seen < trace.count; this.seen += n) {
      const { seen } = this;
      n = trace.heads(seen, TAKEN, WANTED);
      // A set is written a word at a time.
      for (let k = 0; k < n; ) {
        const word = (seen + k) >>> 5;
        const stop = Math.min(n, (word + 1) * 32 - seen);
        let bits = 0;
        for (; k < stop; k++) {
          const kind = kinds[k] as number;
          if (kind !== Kind.STEP && kind !== Kind.CALLBACK) continue;
          const asked = kind === Kind.CALLBACK || anyLibrary;
          if (!asked || !own.is(kind, subject[k] as number, aux[k] as number)) bits |= 1 << ((seen + k) & 31);
        }
        events.merge(word, bits);
      }
    }
  }

  at(position: number): EventIndex {
    return this.events.select(position);
  }

  /** How many steps were over when the event was written, itself included; all of them for -1. */
  upTo(event: EventIndex): number {
    return event < 0 ? this.count : this.events.rank(event + 1);
  }

  /** The step `by` steps away from an event; the first or last one where there is none so far away; -1 if there are none. */
  from(event: EventIndex, by: number): EventIndex {
    if (this.count === 0) return -1;
    // Who looks at no step yet begins at the first one going forward, at the last one going back.
    const start = event >= 0 ? this.upTo(event) - 1 : by > 0 ? -1 : this.count;
    return this.at(Math.min(Math.max(start + by, 0), this.count - 1));
  }
}
