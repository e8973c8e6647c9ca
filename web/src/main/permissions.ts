/** Which hosts the program on the page may ask: the visitor says it, for this program and as long as the page is open. */
import { effect } from '@preact/signals';
import type { Notice, Store } from '../views/store';

export interface Permissions {
  permit(host: string, method: string): Promise<boolean>;
  /** A run begins or ends: what was refused may be asked for again, and nothing waits any more. */
  settle(): void;
  /** Another program is opened. */
  forget(): void;
}

export function createPermissions(store: Store): Permissions {
  const allowed = new Set<string>();
  const refused = new Set<string>();
  /** The answers that requests wait for, by host: one is asked for at a time. */
  const waiting = new Map<string, { method: string; answers: ((allowed: boolean) => void)[] }>();
  let shown = '';
  let question: Notice | undefined;

  function answer(host: string, yes: boolean): void {
    (yes ? allowed : refused).add(host);
    const { answers = [] } = waiting.get(host) ?? {};
    waiting.delete(host);
    if (shown === host) {
      shown = '';
      const asked = question;
      question = undefined;
      if (store.notice.value === asked) store.notice.value = undefined;
    }
    for (const one of answers) one(yes);
    store.permission.value = waiting.size > 0;
    ask();
  }

  function ask(): void {
    const [next] = waiting;
    if (shown || !next) return;
    const [host, { method }] = next;
    shown = host;
    question = {
      text: `The program wants to send a request (${method}) to ${host}. It gets no cookies of yours. Allow it only if you trust the program with that host.`,
      urgent: true,
      asks: true,
      action: { label: `Allow ${host}`, run: () => answer(host, true) },
      dismissLabel: `Refuse ${host}`,
      onDismiss: () => answer(host, false),
    };
    store.notice.value = question;
  }

  // Something else may be told meanwhile: once that was read, the program still waits for an answer.
  effect(() => {
    if (!store.notice.value && question) store.notice.value = question;
  });

  const settle = (): void => {
    for (const host of [...waiting.keys()]) answer(host, false);
    refused.clear();
  };

  return {
    permit(host, method) {
      if (allowed.has(host)) return Promise.resolve(true);
      if (refused.has(host)) return Promise.resolve(false);
      return new Promise((resolve) => {
        const entry = waiting.get(host) ?? { method, answers: [] };
        entry.answers.push(resolve);
        waiting.set(host, entry);
        store.permission.value = true;
        ask();
      });
    },
    settle,
    forget() {
      settle();
      allowed.clear();
    },
  };
}
