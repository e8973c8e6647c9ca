/** What a task's time went to: plain sums over its steps. */
import { State, stateAfter } from '../trace/reason';
import { type EventIndex, Kind, type Seconds, type Task, type Trace } from '../trace/trace';

export interface Times {
  /** From its creation to its end, or to the trace's. */
  life: Seconds;
  ran: Seconds;
  /** In the ready queue. */
  queued: Seconds;
  waited: Seconds;
  steps: number;
}

export function timesOf(trace: Trace, task: Task, steps: Iterable<EventIndex>): Times {
  const times: Times = { life: 0, ran: 0, queued: 0, waited: 0, steps: 0 };
  let at = task.createdAt;
  let state: State = State.READY;
  const pass = (until: Seconds): void => {
    const took = Math.max(0, until - at);
    if (state === State.READY) times.queued += took;
    else if (state !== State.NONE) times.waited += took;
    at = Math.max(at, until);
  };
  for (const row of steps) {
    if (trace.kind.at(row) !== Kind.STEP) continue;
    if (state !== State.READY) pass(trace.ready.at(row));
    state = State.READY;
    pass(trace.t.at(row));
    times.ran += Math.max(0, trace.end.at(row) - at);
    at = Math.max(at, trace.end.at(row));
    state = stateAfter(trace, row);
    times.steps++;
  }
  if (task.outcome === 0) pass(trace.now);
  times.life = at - task.createdAt;
  return times;
}
