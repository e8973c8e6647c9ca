import { type Signal, useComputed } from '@preact/signals';
import { counted } from '../../trace/counted';
import { CopyButton } from '../copy';
import { emptyOutput } from '../empty';
import { Icon } from '../icons';
import { Slot } from '../slot';
import type { RunActions, Store } from '../store';
import { InputField } from './input';
import { cutNote, wholeOutput } from './log';
import type { Output, OutputState } from './pane';

/** The output pane: its head, what to do when it is empty, and the log. */
export function OutputPanel(props: {
  store: Store;
  actions: RunActions;
  output: Output;
  state: Signal<OutputState>;
}) {
  const { store, actions, output, state } = props;
  const recorded = useComputed(() => store.run.value.recorded);
  const { empty, earlier, following } = state.value;
  store.version.value;
  const { trace } = store.run.value;
  const cut = cutNote(trace);
  return (
    <section class="pane pane-output" id="pane-output" aria-labelledby="output-title">
      <div class="pane-head">
        <h2 id="output-title">Output</h2>
        {recorded.value && <span class="tag">recorded run</span>}
        <span class="spring" />
        {!empty && <CopyButton label="Copy output" text={() => wholeOutput(trace)} />}
      </div>
      {earlier > 0 && (
        <p class="log-earlier">{counted(earlier)} earlier lines are not shown. Copy gives you all of them.</p>
      )}
      <div class="log-box">
        <Slot element={output.element} class="fill" />
        {empty && <p class="empty">{emptyOutput(store)}</p>}
        {!following && !empty && (
          <button type="button" class="to-end" onClick={() => output.follow()}>
            <Icon name="end" size={14} />
            To the end
          </button>
        )}
      </div>
      <InputField store={store} actions={actions} onEnd={() => output.element.focus()} />
      {cut && <p class="log-cut">{cut}</p>}
    </section>
  );
}
