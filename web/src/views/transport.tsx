import { counted } from '../trace/counted';
import { stepsWord } from '../trace/describe';
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
      <span class="transport-step">{stepWords(trace, steps.count, cursor < 0 ? -1 : position)}</span>
      <LiveControls store={store} actions={actions} />
    </div>
  );
}

function stepWords(trace: Trace, count: number, position: number): string {
  if (count === 0)
    return trace.exit ? 'no steps' : trace.running.subject ? 'in its first step' : 'no steps yet';
  return position < 0 ? stepsWord(count) : `step ${counted(position)} of ${counted(count)}`;
}
