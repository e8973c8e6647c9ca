import type { ReadonlySignal, Signal } from '@preact/signals';
import { Icon } from '../views/icons';
import { NoticeBar } from '../views/notice';
import type { Output, OutputState } from '../views/output/pane';
import { OutputPanel } from '../views/output/panel';
import { Slot } from '../views/slot';
import { Status } from '../views/status';
import type { RunActions, Store } from '../views/store';
import { Transport } from '../views/transport';
import { type EmbedPane, PANES } from './options';

export interface FrameProps {
  store: Store;
  actions: RunActions;
  editor: HTMLElement;
  output: Output;
  outputState: Signal<OutputState>;
  timeline: HTMLElement;
  /** Open panes; a narrow frame shows the first of `narrow`. */
  open: Signal<readonly EmbedPane[]>;
  narrow: Signal<EmbedPane>;
  /** The program's own address in Loopscope; '' while there is none. */
  address: ReadonlySignal<string>;
  readOnly: boolean;
}

const TITLES: Record<EmbedPane, string> = { program: 'Program', output: 'Output', timeline: 'Timeline' };

/** A playground: Run, and the panes that are open beside each other; one at a time where it is narrow. */
export function Frame(props: FrameProps) {
  const { store, actions, editor, output, outputState, timeline, open, narrow, address, readOnly } = props;
  const phase = store.phase.value;
  const running = phase === 'running' || (phase === 'loading' && store.input.value !== 'none');
  const shown = (pane: EmbedPane) =>
    `embed-pane${open.value.includes(pane) ? '' : ' shut'}${narrow.value === pane ? ' here' : ''}`;
  return (
    <div class="embed">
      <header class="embed-head">
        <h1 class="unseen">Loopscope playground</h1>
        <button type="button" class="run" onClick={actions.run}>
          <Icon name="play" size={12} />
          Run
        </button>
        <button type="button" class="stop" onClick={actions.stop} disabled={!running && phase !== 'loading'}>
          <Icon name="square" size={12} />
          Stop
        </button>
        <Status store={store} />
        <span class="spring" />
        <PaneButtons open={open} narrow={narrow} />
        <a
          class="embed-open"
          aria-label="Open in Loopscope"
          href={address.value || './'}
          target="_blank"
          rel="noopener"
        >
          <span>Open in Loopscope</span>
          <Icon name="out" size={14} />
        </a>
      </header>
      <NoticeBar told={store.offer} />
      <NoticeBar told={store.notice} />
      <main class="embed-panes">
        <section class={shown('program')} aria-labelledby="program-title">
          <div class="pane-head">
            <h2 id="program-title">Program</h2>
            {readOnly && <span class="tag">read-only</span>}
            {store.stale.value && <span class="tag">edited since this run</span>}
          </div>
          <Slot element={editor} class="fill" />
        </section>
        <div class={shown('output')}>
          <OutputPanel store={store} actions={actions} output={output} state={outputState} />
        </div>
        <div class={shown('timeline')}>
          <Slot element={timeline} class="fill" />
          <Transport store={store} actions={actions} />
        </div>
      </main>
    </div>
  );
}

/** Wide: each opens and shuts its pane. Narrow: each shows its pane alone; style decides which of the two is seen. */
function PaneButtons({ open, narrow }: Pick<FrameProps, 'open' | 'narrow'>) {
  const toggle = (pane: EmbedPane): void => {
    const rest = open.value.filter((other) => other !== pane);
    if (rest.length === open.value.length) open.value = PANES.filter((p) => p === pane || rest.includes(p));
    else if (rest.length > 0) open.value = rest;
  };
  return (
    <>
      <fieldset class="embed-switch wide-only" aria-label="Panes that are open">
        {PANES.map((pane) => (
          <button
            type="button"
            key={pane}
            aria-pressed={open.value.includes(pane)}
            onClick={() => toggle(pane)}
          >
            {TITLES[pane]}
          </button>
        ))}
      </fieldset>
      <fieldset class="embed-switch narrow-only" aria-label="Pane in view">
        {PANES.map((pane) => (
          <button
            type="button"
            key={pane}
            aria-pressed={narrow.value === pane}
            onClick={() => {
              narrow.value = pane;
            }}
          >
            {TITLES[pane]}
          </button>
        ))}
      </fieldset>
    </>
  );
}
