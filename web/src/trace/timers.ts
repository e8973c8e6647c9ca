/**
 * Which timers are armed at any instant. Of every timer it is known when it was armed and when it was gone: fired or
 * cancelled. Now and then the timers armed at that moment are written down, so that only those after it are looked at:
 *
 *     timers    ├──┤ ├────────────────┤ ├─┤
 *                  ├─┤   ├──┤    ├──────────┤
 *     written             ▲                ▲
 */
import { Bits } from './bits';
import { type EventIndex, type Id, Kind, type Seconds, type Timer, type Trace } from './trace';

/** A list is written down after so many timers, and as many more as the last list was long: lists stay few and small. */
const EVERY = 512;
const NEVER = 0x7fffffff;

interface Checkpoint {
  /** Timers before it: those of `armed`, and others that are gone. */
  timers: number;
  armed: Int32Array;
}

export class Timers {
  /** By order of arming: rows, and for each the row that tells how it ended. */
  private readonly rows = new Bits();
  private ends = new Int32Array(64);
  private readonly checkpoints: Checkpoint[] = [{ timers: 0, armed: new Int32Array(0) }];

  constructor(private readonly trace: Trace) {}

  /** Those armed at an event, by their numbers, in no order. */
  armedAt(event: EventIndex): number[] {
    const armed: number[] = [];
    const { timers, armed: before } = this.checkpointBefore(event);
    for (const n of before) if (this.goneAt(n) > event) armed.push(n);
    const { rows } = this;
    for (let n = timers, row = rows.select(n); row >= 0 && row <= event; row = rows.next(row + 1), n++)
      if (this.goneAt(n) > event) armed.push(n);
    return armed;
  }

  /** When the first of some timers is due; Infinity: there is none. */
  firstDue(armed: readonly number[]): Seconds {
    let first = Number.POSITIVE_INFINITY;
    for (const n of armed) first = Math.min(first, this.trace.end.at(this.rows.select(n)));
    return first;
  }

  /** Timers by their numbers, the next one due first. */
  sorted(armed: readonly number[]): Timer[] {
    const { trace } = this;
    const when = Float64Array.from(armed, (n) => trace.end.at(this.rows.select(n)));
    // Times less than a nanosecond apart are told apart by what came first.
    const order = Int32Array.from(armed, (_, k) => k).sort(
      (a, b) =>
        (when[a] as Seconds) - (when[b] as Seconds) ||
        (this.ends[armed[a] as number] as number) - (this.ends[armed[b] as number] as number) ||
        (armed[a] as number) - (armed[b] as number),
    );
    return Array.from(order, (k) => trace.timerAt(this.rows.select(armed[k] as number)));
  }

  /** A timer was armed. */
  arm(row: EventIndex): void {
    const last = this.checkpoints.at(-1) as Checkpoint;
    const { count } = this.rows;
    if (count - last.timers >= EVERY + last.armed.length) this.write(last, row);
    if (count === this.ends.length) {
      const ends = new Int32Array(Math.ceil(count * 1.5));
      ends.set(this.ends);
      this.ends = ends;
    }
    this.rows.add(row);
    this.ends[count] = NEVER;
  }

  /** A timer was cancelled, or its callback has run. */
  end(id: Id, row: EventIndex): void {
    const timer = this.trace.timerRow(id);
    if (!this.rows.has(timer)) return;
    const n = this.rows.rank(timer);
    // The first end counts: a timer that is cancelled after it was put in the ready queue had been gone before.
    this.ends[n] = Math.min(this.ends[n] as number, row);
  }

  /** The event from which on a timer is not armed any more. */
  private goneAt(n: number): EventIndex {
    const row = this.ends[n] as number;
    return row !== NEVER && this.trace.kind.at(row) === Kind.CALLBACK ? this.trace.readySeq.at(row) : row;
  }

  private write(last: Checkpoint, row: EventIndex): void {
    const armed: number[] = [];
    // A timer may be gone earlier than the row that tells so: it is looked at again.
    for (const n of last.armed) if (this.goneAt(n) >= row) armed.push(n);
    for (let n = last.timers; n < this.rows.count; n++) if (this.goneAt(n) >= row) armed.push(n);
    this.checkpoints.push({ timers: this.rows.count, armed: Int32Array.from(armed) });
  }

  private checkpointBefore(event: EventIndex): Checkpoint {
    let low = 0;
    let high = this.checkpoints.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >>> 1;
      const { timers } = this.checkpoints[mid] as Checkpoint;
      // A list holds what was armed when the timer after it was: it serves from there on.
      if (timers < this.rows.count && this.rows.select(timers) <= event) low = mid;
      else high = mid - 1;
    }
    return this.checkpoints[low] as Checkpoint;
  }
}
