import { ClockMenu } from './clock';
import type { Example } from './examples';
import { HelpButton } from './help';
import { Icon } from './icons';
import { ExamplesMenu } from './menu';
import { ShareButton } from './share';
import { Status } from './status';
import type { Actions, Store } from './store';
import { TraceMenu } from './trace-menu';

const KEY = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘ Enter' : 'Ctrl Enter';

export function Header({
  store,
  actions,
  examples,
}: {
  store: Store;
  actions: Actions;
  examples: Example[];
}) {
  const phase = store.phase.value;
  // While packages are installed for a run the status says what is loaded.
  const running = phase === 'running' || (phase === 'loading' && store.detail.value !== '');
  return (
    <header class="header">
      <div class="header-side">
        <h1 class="wordmark">
          <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
            <path d="M1.5 15.5h5v-7h6v7h5v-7h5" />
          </svg>
          <span>Loopscope</span>
        </h1>
        <ExamplesMenu store={store} actions={actions} examples={examples} />
      </div>
      {/* One bar for wide and narrow: on a phone it sits at the bottom, in the thumb's reach. */}
      <div class="controls">
        <button type="button" class="run" onClick={actions.run} title={`Run the program (${KEY})`}>
          <Icon name="play" size={14} />
          <span>Run</span>
        </button>
        <button type="button" class="stop" onClick={actions.stop} disabled={!running}>
          <Icon name="square" size={12} />
          <span>Stop</span>
        </button>
        <ClockMenu store={store} />
        <Status store={store} />
      </div>
      <div class="header-side header-end">
        <TraceMenu store={store} actions={actions} />
        <ShareButton store={store} actions={actions} />
        <a class="plain lessons-link" href="#lessons">
          <Icon name="book" size={14} />
          <span>Lessons</span>
        </a>
        <HelpButton shortcut={KEY} />
      </div>
    </header>
  );
}
