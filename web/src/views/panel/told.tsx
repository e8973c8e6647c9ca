import { useEffect, useState } from 'preact/hooks';
import { type EventIndex, Kind, type Trace } from '../../trace/trace';
import { CopyButton } from '../copy';
import { Jump } from '../jump';
import type { Actions, Store } from '../store';
import { clock, runAround, sentence } from './words';

const MORE = 100;
/** A copy is for a bug report or a chat: past this it says how many sentences it leaves out. */
const COPIED = 5000;

/** Whether an event gets a sentence of its own. What a task prints is told in its step's sentence. */
function isTold(trace: Trace, event: EventIndex): boolean {
  const kind = trace.kind.at(event);
  if (kind === Kind.OUTPUT) return trace.by.at(event) === 0;
  return (
    kind === Kind.STEP ||
    kind === Kind.CALLBACK ||
    kind === Kind.IDLE ||
    kind === Kind.CANCEL ||
    kind === Kind.EXIT
  );
}

/** The first `limit` events that are told. */
export function told(trace: Trace, limit: number): { events: EventIndex[]; more: boolean } {
  const events: EventIndex[] = [];
  for (let i = 0; i < trace.count; i++) {
    if (!isTold(trace, i)) continue;
    if (events.length === limit) return { events, more: true };
    events.push(i);
  }
  return { events, more: false };
}

/** The run as text. */
export function narration(trace: Trace): string {
  const { events, more } = told(trace, COPIED);
  const lines = events.map((event) => `${clock(trace.t.at(event))}  ${sentence(trace, event)}`);
  if (more) lines.push(`… and so on: the first ${COPIED.toLocaleString('en')} sentences are here.`);
  return `${lines.join('\n')}\n`;
}

/** The whole run, step by step, in sentences. */
export function Told({ store, actions }: { store: Store; actions: Actions }) {
  store.version.value;
  const run = store.run.value;
  const [limit, setLimit] = useState(MORE);
  useEffect(() => setLimit(MORE), [run]);
  const { trace } = run;
  const { events, more } = told(trace, limit);
  if (events.length === 0) return <p class="empty">Press Run: the run is told here, step by step.</p>;
  return (
    <>
      <div class="told-head">
        <h3>The run, step by step</h3>
        <CopyButton label="Copy as text" text={() => narration(trace)} />
      </div>
      <ol class="told" aria-label="The run in words">
        {events.map((event) => (
          <li key={event} class={event === store.cursor.value ? 'here' : ''}>
            <Jump class="told-step" onJump={() => actions.look(runAround(trace, event))}>
              <span class="told-t">{trace.t.at(event).toFixed(3)} s</span>
              <span>{sentence(trace, event)}</span>
            </Jump>
          </li>
        ))}
      </ol>
      {more && (
        <button type="button" class="link" onClick={() => setLimit(limit + 5 * MORE)}>
          Show more
        </button>
      )}
    </>
  );
}
