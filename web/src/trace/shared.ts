/** Locks, events, semaphores, conditions, barriers and queues at any instant: what state each was in, and who waited for it. */
import { Lists } from './lists';
import { type EventIndex, type Id, Kind, type Trace } from './trace';

export interface Shared {
  id: Id;
  /** Its STATE event at that instant. */
  event: EventIndex;
  /** Locked or set: 1, else 0; a semaphore's value, a queue's length, a barrier's count. */
  value: number;
  /** Who changed it last: a locked lock's holder. */
  by: Id;
  /** Tasks that waited for it, in order of creation. */
  waiters: Id[];
}

export class SharedStates {
  private readonly rows = new Lists();
  private readonly ids: Id[] = [];
  private readonly place = new Map<Id, number>();

  constructor(private readonly trace: Trace) {}

  /** Takes notice of a row of STATE. */
  note(row: EventIndex): void {
    // How many items of a queue are unfinished is no state of its own, nor is that a condition was notified.
    if (this.trace.how.at(row)) return;
    const id = this.trace.subject.at(row);
    let k = this.place.get(id);
    if (k === undefined) {
      k = this.ids.push(id) - 1;
      this.place.set(id, k);
    }
    this.rows.push(k, row);
  }

  /** Those that existed at an event, in order of creation. `waiting`: tasks that wait, each with its latest step. */
  at(event: EventIndex, waiting: readonly { id: Id; step: EventIndex }[]): Shared[] {
    const { trace } = this;
    const found = new Map<Id, Shared>();
    this.ids.forEach((id, k) => {
      const row = this.rows.lastUpTo(k, event);
      if (row >= 0)
        found.set(id, { id, event: row, value: trace.aux.at(row), by: trace.by.at(row), waiters: [] });
    });
    if (found.size > 0)
      for (const { id, step } of waiting)
        if (step >= 0 && trace.kind.at(step) === Kind.STEP) found.get(trace.aux.at(step))?.waiters.push(id);
    return [...found.values()];
  }
}
