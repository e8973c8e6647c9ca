import { type Signal, useComputed } from '@preact/signals';
import { CopyButton } from '../copy';
import { Icon } from '../icons';
import { Slot } from '../slot';
import type { Phase, Store } from '../store';
import { cutNote, wholeOutput } from './log';
import type { Output, OutputState } from './pane';

const EMPTY: Record<Phase, string> = {
  loading: 'What the program prints appears here. Press Run.',
  ready: 'What the program prints appears here. Press Run.',
  running: 'Nothing printed yet.',
  finished: 'The program printed nothing.',
  stopped: 'The program printed nothing.',
  failed: 'The program printed nothing.',
};

/** The output pane: its head, what to do when it is empty, and the log. */
export function OutputPanel(props: { store: Store; output: Output; state: Signal<OutputState> }) {
  const { store, output, state } = props;
  const recorded = useComputed(() => store.run.value.recorded);
  const { empty, earlier, following } = state.value;
  store.version.value;
  const cut = cutNote(store.run.value.trace);
  return (
    <section class="pane pane-output" id="pane-output" aria-labelledby="output-title">
      <div class="pane-head">
        <h2 id="output-title">Output</h2>
        {recorded.value && <span class="tag">recorded run</span>}
        <span class="spring" />
        {!empty && <CopyButton label="Copy output" text={() => wholeOutput(store.run.value.trace)} />}
      </div>
      {earlier > 0 && (
        <p class="log-earlier">
          {earlier.toLocaleString('en')} earlier lines are not shown. Copy gives you all of them.
        </p>
      )}
      <div class="log-box">
        <Slot element={output.element} class="fill" />
        {empty && <p class="empty">{EMPTY[store.phase.value]}</p>}
        {!following && !empty && (
          <button type="button" class="to-end" onClick={() => output.follow()}>
            <Icon name="end" size={14} />
            To the end
          </button>
        )}
      </div>
      {cut && <p class="log-cut">{cut}</p>}
    </section>
  );
}
