import { counted } from '../trace/counted';
import type { Trace } from '../trace/trace';
import { Icon } from './icons';
import { LiveControls } from './live';
import type { RunActions, Store } from './store';

/** Walks over the run, step by step. */
export function Transport({ store, actions }: { store: Store; actions: RunActions }) {
  store.version.value;
  const { trace, steps } = store.run.value;
  const cursor = store.cursor.value;
  const position = steps.upTo(cursor);
  const none = steps.count === 0;
  const nowhere = store.nowhere.value;
  const t = cursor < 0 ? trace.now : trace.t.at(cursor);
  return (
    <div class="transport">
      <button
        type="button"
        class="quiet edge"
        aria-label="First step"
        title="First step"
        disabled={none}
        onClick={() => actions.step(-Infinity)}
      >
        <Icon name="first" />
      </button>
      <button
        type="button"
        class="quiet"
        aria-label="Step back"
        title="Step back  ,"
        disabled={none}
        onClick={() => actions.step(-1)}
      >
        <Icon name="left" />
      </button>
      <button
        type="button"
        class="quiet"
        aria-label="Step forward"
        title="Step forward  ."
        disabled={none}
        onClick={() => actions.step(1)}
      >
        <Icon name="right" />
      </button>
      <button
        type="button"
        class="quiet edge"
        aria-label="Last step"
        title="Last step"
        disabled={none}
        onClick={() => actions.step(Infinity)}
      >
        <Icon name="last" />
      </button>
      <span class="transport-t">t = {t.toFixed(3)} s</span>
      <span class="transport-step" title={TURNS} hidden={nowhere !== ''}>
        {placeWords(trace, steps.count, cursor < 0 ? -1 : position)}
      </span>
      <span class="transport-step" aria-live="polite">
        {nowhere}
      </span>
      <LiveControls store={store} actions={actions} />
    </div>
  );
}

const TURNS =
  'Whose turn it was: steps of tasks, and callbacks. What asyncio runs for itself alone is left out.';

/** A step is a task's own: here the steps of all are counted, and callbacks with them. */
function placeWords(trace: Trace, count: number, position: number): string {
  if (count === 0)
    return trace.exit ? 'no turns' : trace.running.subject ? 'in its first turn' : 'no turns yet';
  if (position >= 0) return `turn ${counted(position)} of ${counted(count)}`;
  return `${counted(count)} ${count === 1 ? 'turn' : 'turns'}`;
}
