import { heldWords } from './live';
import type { Phase, Store } from './store';

const WORDS: Record<Phase, string> = {
  loading: 'Loading Python',
  ready: 'Ready',
  running: 'Running',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
};

/** What the program that runs waits for from outside: a person. */
function waitsFor(store: Store): string {
  return store.input.value === 'asked' ? 'waits for your input' : heldWords(store);
}

/** What the runtime does, in a word, and more words where there are some. */
export function Status({ store }: { store: Store }) {
  const phase = store.phase.value;
  const detail = store.detail.value;
  const waits = waitsFor(store);
  return (
    <p class={`status status-${phase}`} role="status">
      <span class="status-dot" aria-hidden="true" />
      <span class="status-word">{WORDS[phase]}</span>
      {waits && <span class="status-detail">, {waits}</span>}
      {detail && <span class="status-detail"> · {detail}</span>}
    </p>
  );
}
