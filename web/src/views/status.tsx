import { deadlockWords, heldWords } from './live';
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
  return store.input.value === 'asked' ? 'waits for your input' : heldWords(store) || deadlockWords(store);
}

/** What the page shows was not run here: how it ended, says its file. */
function recordedWords(store: Store): string {
  const { file, info } = store.run.value;
  return file ? `a recorded run${info.end ? `, which ${ENDS[info.end.how]}` : ''}` : '';
}

const ENDS = { finished: 'finished', failed: 'failed', stopped: 'was stopped' } as const;

/** What the runtime does, in a word, and more words where there are some. */
export function Status({ store }: { store: Store }) {
  const phase = store.phase.value;
  const detail = recordedWords(store) || store.detail.value;
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
