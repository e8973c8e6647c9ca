import { useEffect, useState } from 'preact/hooks';
import { narration, sentence, told } from '../../trace/narrate';
import { CopyButton } from '../copy';
import { Jump } from '../jump';
import type { Actions, Store } from '../store';
import { runAround } from './words';

const MORE = 100;
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
