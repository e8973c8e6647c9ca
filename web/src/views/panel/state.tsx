import { awaited, ownSite, State, stateAfter, taskLabel } from '../../trace/reason';
import { type EventIndex, type Id, Kind, type Trace } from '../../trace/trace';
import type { LineMark, MarkKind } from '../editor/marks';
import type { Actions, Store } from '../store';
import { ending, instant } from './describe';

export interface TaskState {
  id: Id;
  label: string;
  kind: MarkKind | 'done';
  text: string;
  line: number | undefined;
  event: EventIndex;
}

const KINDS: Record<number, MarkKind> = {
  [State.READY]: 'ready',
  [State.SLEEP]: 'sleep',
  [State.SYNC]: 'sync',
  [State.QUEUE]: 'queue',
  [State.TASK]: 'task',
  [State.IO]: 'io',
  [State.OTHER]: 'other',
};

/** Every task that was there when an event was over, and what it did then. -1: at the end. */
export function tasksAt(trace: Trace, event: EventIndex): TaskState[] {
  const last = new Map<Id, EventIndex>();
  const stop = event < 0 ? trace.count : Math.min(event + 1, trace.count);
  for (let i = 0; i < stop; i++) {
    const kind = trace.kind[i];
    if (kind === Kind.TASK || kind === Kind.STEP) last.set(trace.subject[i] as Id, i);
  }
  return [...last].map(([id, at]) => taskAfter(trace, id, at, event));
}

function taskAfter(trace: Trace, id: Id, at: EventIndex, cursor: EventIndex): TaskState {
  const label = taskLabel(trace, id);
  if (trace.kind[at] === Kind.TASK) {
    return { id, label, kind: 'ready', text: 'is ready to start', line: ownSite(trace, at)?.line, event: at };
  }
  const line = ownSite(trace, at)?.line;
  if (at === cursor) return { id, label, kind: 'run', text: `ran; it ${ending(trace, at)}`, line, event: at };
  const kind = KINDS[stateAfter(trace, at)] ?? 'done';
  if (kind === 'done') return { id, label, kind, text: ending(trace, at), line: undefined, event: at };
  const text =
    kind === 'ready' ? `is ready again after ${awaited(trace, at)}` : `waits for ${awaited(trace, at)}`;
  return { id, label, kind, text, line, event: at };
}

/** The lines on which tasks stood at an event: marks for the editor. */
export function lineMarks(trace: Trace, event: EventIndex): LineMark[] {
  if (event < 0) return [];
  const marks: LineMark[] = [];
  for (const task of tasksAt(trace, event)) {
    if (task.line === undefined || task.kind === 'done') continue;
    const note = task.kind === 'run' ? task.label : `${task.label} ${task.text}`;
    marks.push({ line: task.line, kind: task.kind, note });
  }
  return marks;
}

/** Everything at one moment: each task's state. */
export function StateAt({ store, actions }: { store: Store; actions: Actions }) {
  store.version.value;
  const { trace } = store.run.value;
  const cursor = store.cursor.value;
  if (trace.count === 0)
    return <p class="empty">Press Run, then step: every task's state at any moment is shown here.</p>;
  const t = cursor < 0 ? trace.now : (trace.end[cursor] as number);
  return (
    <>
      <h3>{cursor < 0 ? 'At the end' : `After this step, ${instant(t)}`}</h3>
      <ul class="states">
        {tasksAt(trace, cursor).map((task) => (
          <li key={task.id} class={`state state-${task.kind}`}>
            <span class="state-mark" aria-hidden="true" />
            <button type="button" role="link" class="link" onClick={() => actions.look(task.event)}>
              {task.label}
            </button>{' '}
            {task.text}
            {task.line !== undefined && (
              <button
                type="button"
                role="link"
                class="link quiet-text"
                onClick={() => task.line && actions.goToLine(task.line)}
              >
                line {task.line}
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
