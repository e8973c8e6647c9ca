import { useRef, useState } from 'preact/hooks';
import { Icon } from '../icons';
import type { Actions, ProgramEntry, Store } from '../store';
import { ProgramRow } from './row';

/** The program's name; it opens the list of the visitor's programs. */
export function ProgramsButton({ store, actions }: { store: Store; actions: Actions }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [programs, setPrograms] = useState<ProgramEntry[]>();
  const [deleted, setDeleted] = useState<readonly string[]>([]);
  const read = async () => setPrograms(await actions.programs());
  const show = () => {
    setDeleted([]);
    setPrograms(undefined);
    void read();
    dialog.current?.showModal();
  };
  const close = () => dialog.current?.close();
  const act = (what: () => void) => {
    close();
    what();
  };
  return (
    <>
      <button
        type="button"
        class="plain small program-name"
        title="Your programs"
        aria-haspopup="dialog"
        onClick={show}
      >
        <span>{store.title.value}</span>
        <span class="unseen">: your programs</span>
        <Icon name="down" size={14} />
      </button>
      <dialog
        ref={dialog}
        class="help programs"
        aria-labelledby="programs-title"
        closedby="any"
        onClose={() => deleted.length && actions.deletePrograms(deleted)}
      >
        <div class="help-head">
          <h2 id="programs-title">Your programs</h2>
          <button type="button" class="quiet" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        <p class="quiet-text">What you write is kept in this browser, and nowhere else.</p>
        <button type="button" class="plain small program-new" onClick={() => act(actions.newProgram)}>
          <Icon name="plus" size={14} />
          New program
        </button>
        {programs?.length === 0 && (
          <p class="empty">Nothing yet: edit the program on the page, and it will be here.</p>
        )}
        <ul class="program-list" aria-label="Your programs">
          {programs?.map((program) => (
            <ProgramRow
              key={program.id}
              program={program}
              deleted={deleted.includes(program.id)}
              onOpen={() => act(() => actions.openProgram(program.id))}
              onBack={(key) => act(() => actions.bringBack(program.id, key))}
              onName={(name) => void actions.nameProgram(program.id, name).then(read)}
              onDelete={(gone) =>
                setDeleted(gone ? [...deleted, program.id] : deleted.filter((id) => id !== program.id))
              }
            />
          ))}
        </ul>
      </dialog>
    </>
  );
}
