/**
 * The steps and callbacks of a run in their order: what Step back and Step forward walk over. What asyncio runs for itself
 * is left out.
 */
import { Bits } from '../trace/bits';
import { Housekeeping } from '../trace/own';
import { type EventIndex, Heads, Kind, type Trace } from '../trace/trace';

/** Rows that are being read. */
const heads = new Heads('kind', 'subject', 'aux');

export class StepIndex {
  private readonly events = new Bits();
  private seen = 0;

  get count(): number {
    return this.events.count;
  }

  /** Takes in what the trace got since the last time. */
  update(trace: Trace): void {
    const own = new Housekeeping(trace);
    for (let n = 0; this.seen < trace.count; this.seen += n) {
      n = trace.heads(this.seen, heads);
      for (let k = 0; k < n; k++) {
        const kind = heads.kind[k] as number;
        if (kind !== Kind.STEP && kind !== Kind.CALLBACK) continue;
        if (!own.is(kind, heads.subject[k] as number, heads.aux[k] as number)) this.events.add(this.seen + k);
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
