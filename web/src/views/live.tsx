import { timerOf } from '../trace/due';
import { taskLabel } from '../trace/reason';
import type { Trace } from '../trace/trace';
import { Icon } from './icons';
import type { RunActions, Store } from './store';

/** A program that runs can be held between two things its loop does. */
export function canPause(store: Store): boolean {
  return store.running.value && store.canHold.value;
}

export function isHeld(store: Store): boolean {
  return canPause(store) && store.run.value.trace.held;
}

export function togglePause(store: Store, actions: RunActions): void {
  if (store.hold.value) actions.goOn();
  else actions.pause();
}

/** Where the program is held, in words that follow “Running”; empty where it is not. */
export function heldWords(store: Store): string {
  store.version.value;
  if (!store.hold.value || !store.running.value) return '';
  const { trace } = store.run.value;
  return trace.held ? `held before ${nextWords(trace)}` : 'to be held before the next step';
}

/** That nothing can wake the program any more, in words that follow “Running”; empty where something can. */
export function deadlockWords(store: Store): string {
  store.version.value;
  const { trace } = store.run.value;
  const found = trace.findings?.some(({ kind }) => kind === 'deadlock');
  return store.running.value && found && trace.life === 'waits' ? 'deadlock: nothing can wake it' : '';
}

/** What the loop runs next. */
export function nextWords(trace: Trace): string {
  const { next } = trace;
  if (trace.task(next)) return `${taskLabel(trace, next)}’s next step`;
  if (!trace.timer(next)) return 'the next callback';
  const sleeper = trace.tasks.find((task) => timerOf(trace, task.lastStep)?.id === next);
  return sleeper ? `the timer that wakes ${taskLabel(trace, sleeper.id)}` : 'the next timer';
}

/** Pause, and what can be done then. */
export function LiveControls({ store, actions }: { store: Store; actions: RunActions }) {
  store.version.value;
  if (!canPause(store)) return null;
  return (
    <div class="live">
      {isHeld(store) && (
        <button type="button" class="plain small" title="Run one step  F10" onClick={actions.runOne}>
          <Icon name="one" size={14} />
          <span>Run one step</span>
        </button>
      )}
      <button
        type="button"
        class="plain small"
        title={store.hold.value ? 'Continue  F8' : 'Pause  F8'}
        onClick={() => togglePause(store, actions)}
      >
        <Icon name={store.hold.value ? 'play' : 'pause'} size={14} />
        <span>{store.hold.value ? 'Continue' : 'Pause'}</span>
      </button>
    </div>
  );
}
