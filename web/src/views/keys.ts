/** Keys that work anywhere on the page, but not where text is typed. */

import { effect } from '@preact/signals';
import { canPause, isHeld, togglePause } from './live';
import type { RunActions, Store } from './store';
import { type Walk, walkTo } from './walk';

/** Small letters go forward, capitals back. */
const WALKS: Record<string, [Walk, -1 | 1]> = {
  ',': ['step', -1],
  '.': ['step', 1],
  '<': ['event', -1],
  '>': ['event', 1],
  T: ['task', -1],
  t: ['task', 1],
  O: ['output', -1],
  o: ['output', 1],
  N: ['finding', -1],
  n: ['finding', 1],
};

/** What a walk looks for. */
const SOUGHT: Record<Walk, string> = {
  step: 'step',
  event: 'event',
  task: 'step of this task',
  output: 'output',
  finding: 'finding',
};

export function listenToKeys(store: Store, actions: RunActions): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      actions.run();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // As in debuggers; they type nothing, so they work in the editor, too.
    if (event.key === 'F8' && canPause(store)) {
      event.preventDefault();
      togglePause(store, actions);
    } else if (event.key === 'F10' && isHeld(store)) {
      event.preventDefault();
      actions.runOne();
    }
    if (isTyping(event)) return;
    const walk = WALKS[event.key];
    if (!walk) return;
    event.preventDefault();
    if (walk[0] === 'step') actions.step(walk[1]);
    else {
      const to = walkTo(store.run.value, store.cursor.value, ...walk);
      if (to >= 0) actions.look(to);
      else store.nowhere.value = `No ${walk[1] > 0 ? 'further' : 'earlier'} ${SOUGHT[walk[0]]}`;
    }
  });
  effect(() => {
    store.run.value;
    store.cursor.value;
    store.nowhere.value = '';
  });
}

/** Whether a key writes into something. */
export function isTyping(event: Event): boolean {
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
