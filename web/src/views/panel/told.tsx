import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { decimals, narration, sentence, startBefore, told, toldAt } from '../../trace/narrate';
import { oneLine } from '../../trace/plain';
import type { EventIndex } from '../../trace/trace';
import { CopyButton } from '../copy';
import { Jump } from '../jump';
import { Prose } from '../prose';
import type { Actions, Store } from '../store';
import { runAround } from './words';

/** Sentences that are shown at first, and some more of them before the one that is looked at. */
const MORE = 100;
const BEFORE = 30;
const MOST = 10_000;
/** Pixels between the sentence that is looked at and the edge. */
const MARGIN = 24;

/** The run, step by step, in sentences: a part of it, in which the step is that the page looks at. */
export function Told({ store, actions }: { store: Store; actions: Actions }) {
  store.version.value;
  const run = store.run.value;
  const { trace } = run;
  const [from, setFrom] = useState<EventIndex>(0);
  const [limit, setLimit] = useState(MORE);
  const list = useRef<HTMLOListElement>(null);
  const shown = useRef<EventIndex>(-1);
  // Each looks back and ahead in the trace: while the page walks through a run nothing of it changes.
  const sentences = useMemo(() => new Map<EventIndex, string>(), [trace, trace.count]);
  useLayoutEffect(() => {
    setFrom(0);
    setLimit(MORE);
    shown.current = -1;
  }, [run]);
  const { events, more } = told(trace, limit, from);
  const here = toldAt(trace, store.cursor.value);
  const there = here < 0 || events.includes(here);
  useLayoutEffect(() => {
    if (there) return;
    const begin = startBefore(trace, here, BEFORE);
    setFrom(begin);
    // Eager tasks are told after the step that made them: of many the last one is far down.
    setLimit(Math.max(0, told(trace, MOST, begin).events.indexOf(here)) + MORE);
  }, [there, here]);
  useEffect(() => {
    // Only where the moment is another one: whoever scrolls reads something else.
    if (here === shown.current || !there) return;
    shown.current = here;
    const entry = here < 0 ? null : list.current?.querySelector('.here');
    if (entry) bringIntoView(entry);
  });
  if (events.length === 0) return <p class="empty">Press Run: the run is told here, step by step.</p>;
  const digits = decimals(events.map((event) => trace.t.at(event)));
  const words = (event: EventIndex): string => {
    const known = sentences.get(event) ?? oneLine(sentence(trace, event));
    sentences.set(event, known);
    return known;
  };
  return (
    <>
      <div class="told-head">
        <h3>The run, step by step</h3>
        <CopyButton label="Copy as text" text={() => narration(trace)} />
      </div>
      {from > 0 && (
        <button
          type="button"
          class="link"
          onClick={() => {
            setFrom(startBefore(trace, from, 5 * MORE));
            setLimit(limit + 6 * MORE);
          }}
        >
          Show earlier
        </button>
      )}
      <ol class="told" aria-label="The run in words" ref={list}>
        {events.map((event) => (
          <li
            key={event}
            class={event === here ? 'here' : ''}
            aria-current={event === here ? 'step' : undefined}
          >
            <Jump class="told-step" onJump={() => actions.look(runAround(trace, event))}>
              <span class="told-t">{trace.t.at(event).toFixed(digits)} s</span>
              <span>
                <Prose text={words(event)} />
              </span>
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

/** Within its tab alone: the page stays where it is. */
function bringIntoView(entry: Element): void {
  const panel = entry.closest('.tab-panel');
  if (!panel) return;
  const { top, bottom } = entry.getBoundingClientRect();
  const box = panel.getBoundingClientRect();
  if (top < box.top) panel.scrollTop += top - box.top - MARGIN;
  else if (bottom > box.bottom) panel.scrollTop += bottom - box.bottom + MARGIN;
}
