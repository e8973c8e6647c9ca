/** The steps and callbacks of a run in their order: what Step back and Step forward walk over. */
import { type EventIndex, Kind, type Trace } from '../trace/trace';

export class StepIndex {
  private events = new Int32Array(256);
  private seen = 0;
  count = 0;

  /** Takes in what the trace got since the last time. */
  update(trace: Trace): void {
    for (; this.seen < trace.count; this.seen++) {
      const kind = trace.kind.at(this.seen);
      if (kind !== Kind.STEP && kind !== Kind.CALLBACK) continue;
      if (this.count === this.events.length) {
        const next = new Int32Array(this.count * 2);
        next.set(this.events);
        this.events = next;
      }
      this.events[this.count++] = this.seen;
    }
  }

  at(position: number): EventIndex {
    return position >= 0 && position < this.count ? (this.events[position] as EventIndex) : -1;
  }

  /** How many steps were over when the event was written, itself included; all of them for -1. */
  upTo(event: EventIndex): number {
    if (event < 0) return this.count;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle] as EventIndex) <= event) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The step `by` steps away from an event; the first or last one where there is none so far away; -1 if there are none. */
  from(event: EventIndex, by: number): EventIndex {
    if (this.count === 0) return -1;
    // Who looks at no step yet begins at the first one going forward, at the last one going back.
    const start = event >= 0 ? this.upTo(event) - 1 : by > 0 ? -1 : this.count;
    return this.at(Math.min(Math.max(start + by, 0), this.count - 1));
  }
}
