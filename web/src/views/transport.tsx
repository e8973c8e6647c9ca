import { Icon } from './icons';
import { LiveControls } from './live';
import type { Actions, Store } from './store';

/** Walks over the run, step by step. */
export function Transport({ store, actions }: { store: Store; actions: Actions }) {
  store.version.value;
  const { trace, steps } = store.run.value;
  const cursor = store.cursor.value;
  const position = steps.upTo(cursor);
  const none = steps.count === 0;
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
      <span class="transport-step">
        {none ? 'no steps yet' : cursor < 0 ? `${steps.count} steps` : `step ${position} of ${steps.count}`}
      </span>
      <LiveControls store={store} actions={actions} />
    </div>
  );
}
