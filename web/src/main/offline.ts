/**
 * The site without a network, and its next version: registers the service worker (web/offline/sw.js) and offers what is
 * new. Nothing is replaced under an open page: the offer is taken by a click, or when all pages are closed.
 */
import type { Notice, Store } from '../views/store';
import { whenCalm } from './calm';

/** How often a page that stays open asks for a new version. */
const ASK_MS = 60 * 60_000;
/** How long nothing has to load or run, before the site is kept. */
const CALM_MS = 1500;

/** A new version that has not taken over after this long is held up by what other tabs ask for. */
const HELD_UP_MS = 4000;

/** `leave`: end all that asks for files, for the page is about to go. */
export function keepOffline(
  store: Store,
  container: ServiceWorkerContainer | undefined,
  leave: () => void,
): void {
  // Absent on insecure origins and in some private windows: the page works, with the network.
  if (!container) return;
  let asked = Date.now();
  let accepted = false;
  /** The page was loaded without one: the first one's arrival is no update. */
  let before = container.controller;

  function offer(worker: ServiceWorker | null): void {
    const action: Notice['action'] = {
      label: 'Reload',
      run() {
        if (accepted) return;
        accepted = true;
        if (worker?.state !== 'installed') return location.reload();
        // The worker in use goes when it has nothing to do. Asked for a file at that very moment it comes back, and stays:
        // Chromium lets it idle for half a minute then.
        leave();
        worker.postMessage('take over');
        setTimeout(() => location.reload(), HELD_UP_MS);
      },
    };
    store.offer.value = { text: 'A new version of Loopscope is ready.', urgent: false, action };
  }

  container.addEventListener('controllerchange', () => {
    if (accepted) location.reload();
    // Another tab took it.
    else if (before) offer(null);
    before = container.controller;
  });

  async function register(found: ServiceWorkerContainer): Promise<void> {
    const registration = await found.register('/sw.js', { updateViaCache: 'none' });
    const watch = (worker: ServiceWorker | null): void => {
      const look = (): void => {
        if (worker?.state === 'installed' && found.controller) offer(worker);
      };
      worker?.addEventListener('statechange', look);
      look();
    };
    watch(registration.waiting);
    watch(registration.installing);
    registration.addEventListener('updatefound', () => watch(registration.installing));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible' || Date.now() - asked < ASK_MS) return;
      asked = Date.now();
      // Without a network there is nothing new.
      registration.update().catch(() => {});
    });
  }

  // Python first, and then its first run: keeping the site takes the line and the processor for a while.
  whenCalm(store, CALM_MS, () => {
    register(container).catch(() => {
      // Refused or out of reach: the page works, with the network; the next visit tries again.
    });
  });
}
