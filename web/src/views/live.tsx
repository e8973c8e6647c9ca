import { taskLabel } from '../trace/reason';
import { Icon } from './icons';
import type { Actions, Store } from './store';

/** A program that runs can be held between two things its loop does. */
export function canPause(store: Store): boolean {
  return store.running.value && store.canHold.value;
}

export function isHeld(store: Store): boolean {
  return canPause(store) && store.run.value.trace.held;
}

export function togglePause(store: Store, actions: Actions): void {
  if (store.hold.value) actions.goOn();
  else actions.pause();
}

/** Where the program is held, in words that follow “Running”; empty where it is not. */
export function heldWords(store: Store): string {
  store.version.value;
  if (!store.hold.value || !store.running.value) return '';
  const { trace } = store.run.value;
  if (!trace.held) return 'to be held before the next step';
  const who = trace.task(trace.next);
  return who ? `held before ${taskLabel(trace, who.id)}’s next step` : 'held before the next callback';
}

/** Pause, and what can be done then. */
export function LiveControls({ store, actions }: { store: Store; actions: Actions }) {
  store.version.value;
  if (!canPause(store)) return null;
  const held = isHeld(store);
  return (
    <div class="live">
      {held && (
        <button type="button" class="plain small" title="Run one step  F10" onClick={actions.runOne}>
          <Icon name="one" size={14} />
          Run one step
        </button>
      )}
      <button
        type="button"
        class="plain small"
        title={store.hold.value ? 'Continue  F8' : 'Pause  F8'}
        onClick={() => togglePause(store, actions)}
      >
        <Icon name={store.hold.value ? 'play' : 'pause'} size={14} />
        {store.hold.value ? 'Continue' : 'Pause'}
      </button>
    </div>
  );
}
