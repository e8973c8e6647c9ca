/** Keys that work anywhere on the page, but not where text is typed. */
import { canPause, isHeld, togglePause } from './live';
import type { Actions, Store } from './store';

export function listenToKeys(store: Store, actions: Actions): void {
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
    if (event.key === ',' || event.key === '.') {
      event.preventDefault();
      actions.step(event.key === ',' ? -1 : 1);
    }
  });
}

function isTyping(event: Event): boolean {
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
