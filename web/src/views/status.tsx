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
  if (store.input.value === 'asked') return 'waits for your input';
  const held = heldWords(store);
  return !held && store.permission.value ? 'waits for your permission' : held;
}

/** What the page shows was not run here: how it ended, says its file. */
function recordedWords(store: Store): string {
  const { file, info } = store.run.value;
  return file ? `a recorded run${info.end ? `, which ${ENDS[info.end.how]}` : ''}` : '';
}

const ENDS = { finished: 'finished', failed: 'failed', stopped: 'was stopped' } as const;

/** The phase, unless it is how another run ended than the one on the page: what is there now is ready to be run. */
function phaseHere({ phase, about, run }: Store): Phase {
  const over = phase.value === 'finished' || phase.value === 'stopped' || phase.value === 'failed';
  return over && about.value && about.value !== run.value ? 'ready' : phase.value;
}

/** What the runtime does, in a word, and more words where there are some. */
export function Status({ store }: { store: Store }) {
  const phase = phaseHere(store);
  const detail = recordedWords(store) || (phase === store.phase.value ? store.detail.value : '');
  const waits = waitsFor(store);
  const stuck = waits ? '' : deadlockWords(store);
  const more = waits || stuck || detail;
  return (
    <p class={`status status-${stuck ? 'stuck' : phase}${more ? ' status-more' : ''}`} role="status">
      <span class="status-dot" aria-hidden="true" />
      <span class="status-text">
        <span class="status-word">{WORDS[phase]}</span>
        {(waits || stuck) && <span class="status-detail">, {waits || stuck}</span>}
        {detail && <span class="status-detail"> · {detail}</span>}
      </span>
    </p>
  );
}
