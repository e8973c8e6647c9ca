import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../icons';
import type { ProgramEntry } from '../store';
import { lineCount, reason, when } from './words';

export interface RowProps {
  program: ProgramEntry;
  /** It goes when the list is closed; until then it can be had back. */
  deleted: boolean;
  onOpen(): void;
  onBack(key: string): void;
  onName(name: string): void;
  onDelete(gone: boolean): void;
}

/** One program: open it, name it, delete it, look at its earlier texts. */
export function ProgramRow({ program, deleted, onOpen, onBack, onName, onDelete }: RowProps) {
  const [naming, setNaming] = useState(false);
  const [unfolded, setUnfolded] = useState(false);
  const { name, earlier } = program;
  const now = Date.now();
  if (deleted)
    return (
      <li class="program-row">
        <p class="program-open empty">“{name}” goes when you close this list.</p>
        <button type="button" class="plain small" onClick={() => onDelete(false)}>
          Keep it
        </button>
      </li>
    );
  if (naming)
    return (
      <li class="program-row">
        <NameField
          name={name}
          onDone={(to) => {
            setNaming(false);
            if (to && to !== name) onName(to);
          }}
        />
      </li>
    );
  const where = program.here ? ' · on the page' : program.elsewhere ? ' · open in another tab' : '';
  return (
    <li>
      <div class="program-row">
        <button
          type="button"
          class="program-open"
          aria-current={program.here ? 'true' : undefined}
          onClick={onOpen}
        >
          <span class="menu-title">{name}</span>
          <span class="menu-hint">
            {lineCount(program.lines)} · {when(program.at, now)}
            {where}
          </span>
        </button>
        {earlier.length > 0 && (
          <button
            type="button"
            class="quiet"
            aria-label={`Earlier texts of ${name}`}
            title="Earlier texts"
            aria-expanded={unfolded}
            onClick={() => setUnfolded(!unfolded)}
          >
            <Icon name="earlier" size={14} />
          </button>
        )}
        <button
          type="button"
          class="quiet"
          aria-label={`Rename ${name}`}
          title="Rename"
          onClick={() => setNaming(true)}
        >
          <Icon name="pencil" size={14} />
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={`Delete ${name}`}
          title="Delete"
          onClick={() => onDelete(true)}
        >
          <Icon name="trash" size={14} />
        </button>
      </div>
      {unfolded && (
        <ul class="program-earlier" aria-label={`Earlier texts of ${name}`}>
          {earlier.map(({ key, at, why, lines }) => (
            <li key={key}>
              <button type="button" class="program-open" onClick={() => onBack(key)}>
                {when(at, now)}, {reason(why)} <span class="menu-hint">{lineCount(lines)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function NameField({ name, onDone }: { name: string; onDone: (name: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.select(), []);
  return (
    <form
      class="program-naming"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(field.current?.value.trim() ?? '');
      }}
    >
      <input
        ref={field}
        aria-label="Name of the program"
        defaultValue={name}
        maxLength={80}
        autocomplete="off"
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          // It ends the naming, not the list.
          event.preventDefault();
          event.stopPropagation();
          onDone('');
        }}
      />
      <button type="submit" class="plain small">
        Rename
      </button>
    </form>
  );
}
