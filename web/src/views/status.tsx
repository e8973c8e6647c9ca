import type { Phase, Store } from './store';

const WORDS: Record<Phase, string> = {
  loading: 'Loading Python',
  ready: 'Ready',
  running: 'Running',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
};

/** What the runtime does, in a word, and more words where there are some. */
export function Status({ store }: { store: Store }) {
  const phase = store.phase.value;
  const detail = store.detail.value;
  return (
    <p class={`status status-${phase}`} role="status">
      <span class="status-dot" aria-hidden="true" />
      <span class="status-word">{WORDS[phase]}</span>
      {detail && <span class="status-detail"> · {detail}</span>}
    </p>
  );
}
