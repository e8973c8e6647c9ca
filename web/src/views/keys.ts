/** Keys that work anywhere on the page, but not where text is typed. */
import type { Actions } from './store';

export function listenToKeys(actions: Actions): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      actions.run();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
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
