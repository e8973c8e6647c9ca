import { useEffect, useRef } from 'preact/hooks';
import { TRACE_FILE } from '../protocol/generated';
import { MenuButton } from './popover';
import type { Actions, Notice, Store } from './store';

/** What can be done with a recorded run as a whole. */
export function TraceMenu({ store, actions }: { store: Store; actions: Actions }) {
  store.version.value;
  const none = store.run.value.trace.count === 0;
  const told = useRef<Notice | undefined>(undefined);
  const keep = () => {
    store.kept.value = store.run.value;
    told.current = {
      text: 'This run is kept. Run the program again, or another one: then the two can be compared.',
      urgent: false,
    };
    store.notice.value = told.current;
  };
  const compare = () => {
    store.comparing.value = true;
  };
  const ready = comparable(store) && !store.running.value;
  useEffect(() => {
    // Whoever has put the words away knows: the menu has it, too.
    if (!ready || !told.current || store.notice.value !== told.current) return;
    store.notice.value = {
      text: 'Kept run and this one:',
      urgent: false,
      action: { label: 'Compare', run: compare },
    };
  }, [ready]);
  const picker = useRef<HTMLInputElement>(null);
  const item = (title: string, hint: string, act: () => void, disabled = none) => (
    <button type="button" role="menuitem" disabled={disabled} onClick={act}>
      <span class="menu-title">{title}</span>
      <span class="menu-hint">{hint}</span>
    </button>
  );
  return (
    <>
      <MenuButton label="Trace" width={300}>
        {item(
          'Open trace…',
          'A file saved here or by python -m loopscope',
          () => picker.current?.click(),
          false,
        )}
        {item('Save trace', 'The run and its program, to open again', actions.saveTrace)}
        <hr />
        {item('Keep this run', 'To lay the next one beside it', keep)}
        {item('Compare with the kept run', compareHint(store), compare, !comparable(store))}
        <hr />
        {item('Export for Perfetto', 'Protobuf, for ui.perfetto.dev', () => actions.exportTrace('perfetto'))}
        {item('Export as JSON', 'Trace Event Format, for many tools', () => actions.exportTrace('json'))}
        {item('Export the picture as SVG', 'What is seen now, with a legend', () =>
          actions.exportTrace('svg'),
        )}
        {item('Export the picture as PNG', 'The same in pixels, three times as fine', () =>
          actions.exportTrace('png'),
        )}
        {item('Export the words', 'Program and narration, as Markdown', () =>
          actions.exportTrace('markdown'),
        )}
      </MenuButton>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label="Trace file"
        accept={TRACE_FILE.SUFFIX}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) actions.openTrace(file);
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
    </>
  );
}

/** Whether there are two runs to lay side by side. */
function comparable({ kept, run }: Store): boolean {
  return kept.value !== undefined && kept.value !== run.value && run.value.trace.count > 0;
}

function compareHint({ kept, run }: Store): string {
  if (!kept.value) return 'None is kept yet';
  return kept.value === run.value
    ? 'It is the one on the page: run again'
    : 'What is longer, and where they part';
}
