/** Local variables of suspended tasks, as texts: what was told of each task, and when. */
import type { Locals, LocalsFrame } from '../protocol/decode';
import { countUpTo } from './search';
import type { EventIndex, Id } from './trace';

interface Told {
  events: EventIndex[];
  frames: LocalsFrame[][];
}

export class Variables {
  private readonly tasks = new Map<Id, Told>();

  /** Frames of a task at its step, which is later than all that were told of it before. */
  add(event: EventIndex, task: Id, frames: LocalsFrame[]): void {
    let told = this.tasks.get(task);
    if (!told) {
      told = { events: [], frames: [] };
      this.tasks.set(task, told);
    }
    told.events.push(event);
    told.frames.push(frames);
  }

  get empty(): boolean {
    return this.tasks.size === 0;
  }

  /** A task's frames, outermost first, as they were when it was last suspended up to an event. */
  at(task: Id, event: EventIndex): readonly LocalsFrame[] {
    const told = this.tasks.get(task);
    return told?.frames[countUpTo(told.events, event) - 1] ?? [];
  }

  /** All, as the wire has them. */
  all(): Locals[] {
    return [...this.tasks].flatMap(([task, { events, frames }]) =>
      events.map((event, k): Locals => [event, task, frames[k] as LocalsFrame[]]),
    );
  }
}
