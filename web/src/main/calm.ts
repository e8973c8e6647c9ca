/** When the page has nothing to do. */
import { effect } from '@preact/signals';
import type { Store } from '../views/store';

/** Milliseconds: a pause where the engine knows no idle moments. */
const PAUSE = 50;

/** Does something once: as soon as nothing has had to load or run for so many milliseconds. */
export function whenCalm({ phase }: Pick<Store, 'phase'>, ms: number, act: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    clearTimeout(timer);
    if (phase.value === 'loading' || phase.value === 'running') return;
    timer = setTimeout(() => {
      stop();
      act();
    }, ms);
  });
}

/** Resolves in an idle moment. */
export function idleMoment(): Promise<void> {
  return new Promise((done) => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => done());
    else setTimeout(done, PAUSE);
  });
}
