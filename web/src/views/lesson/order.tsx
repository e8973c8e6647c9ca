import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../icons';

interface OrderProps {
  /** Id of the element that names the list. */
  labelledby: string;
  lines: readonly string[];
  onOrder(lines: string[]): void;
}

/** Moves one item of a list to another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [item] = next.splice(from, 1);
  next.splice(to, 0, item as T);
  return next;
}

/**
 * Lines to be put in order: dragged with the mouse by any part, with a finger by the grip (the rest scrolls the page), or moved by
 * the buttons and the arrow keys on them.
 */
export function Order({ labelledby, lines, onOrder }: OrderProps) {
  const list = useRef<HTMLOListElement>(null);
  const [held, hold] = useState('');
  const [said, say] = useState('');
  /** The button to be focused once its line has moved. */
  const refocus = useRef('');

  useLayoutEffect(() => {
    const id = refocus.current;
    if (!id) return;
    refocus.current = '';
    const [line, way] = JSON.parse(id) as [string, string];
    const row = list.current?.children[lines.indexOf(line)];
    const button = row?.querySelector<HTMLButtonElement>(`[data-way="${way}"]`);
    // At the end of the list there is no further: the other button keeps the focus in the line.
    if (button?.disabled) row?.querySelector<HTMLButtonElement>('button:enabled')?.focus();
    else button?.focus();
  }, [lines]);

  const move = (line: string, to: number): void => {
    const from = lines.indexOf(line);
    const place = Math.max(0, Math.min(lines.length - 1, to));
    if (from < 0 || place === from) return;
    say(`${line}: now ${place + 1} of ${lines.length}`);
    onOrder(moved(lines, from, place));
  };

  /** The place under a finger. */
  const placeAt = (y: number): number => {
    const rows = [...(list.current?.children ?? [])];
    const place = rows.findIndex((row) => y < row.getBoundingClientRect().bottom);
    return place < 0 ? rows.length - 1 : place;
  };

  const onPointerDown = (event: PointerEvent, line: string): void => {
    const target = event.target as Element;
    if (event.button !== 0 || target.closest('button')) return;
    if (event.pointerType !== 'mouse' && !target.closest('.grip')) return;
    event.preventDefault();
    list.current?.setPointerCapture(event.pointerId);
    hold(line);
  };

  const onKeyDown = (event: KeyboardEvent, line: string): void => {
    const here = lines.indexOf(line);
    const to = { ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: lines.length - 1 }[event.key];
    const way = (event.target as HTMLElement).dataset.way;
    if (to === undefined || !way) return;
    event.preventDefault();
    refocus.current = JSON.stringify([line, way]);
    move(line, to);
  };

  const click = (line: string, way: 'up' | 'down'): void => {
    refocus.current = JSON.stringify([line, way]);
    move(line, lines.indexOf(line) + (way === 'up' ? -1 : 1));
  };

  return (
    <>
      <ol
        ref={list}
        class="order"
        aria-labelledby={labelledby}
        onPointerMove={(event) => held && move(held, placeAt(event.clientY))}
        onLostPointerCapture={() => hold('')}
      >
        {lines.map((line, place) => (
          <li
            key={line}
            class={line === held ? 'held' : ''}
            onPointerDown={(event) => onPointerDown(event, line)}
            onKeyDown={(event) => onKeyDown(event, line)}
          >
            <span class="grip" aria-hidden="true">
              <Icon name="grip" size={14} />
            </span>
            <code>{line}</code>
            <MoveButton line={line} way="up" disabled={place === 0} onClick={click} />
            <MoveButton line={line} way="down" disabled={place === lines.length - 1} onClick={click} />
          </li>
        ))}
      </ol>
      <p class="unseen" aria-live="polite">
        {said}
      </p>
    </>
  );
}

function MoveButton(props: {
  line: string;
  way: 'up' | 'down';
  disabled: boolean;
  onClick: (line: string, way: 'up' | 'down') => void;
}) {
  const { line, way, disabled, onClick } = props;
  return (
    <button
      type="button"
      class="quiet"
      data-way={way}
      aria-label={`Move ${way}: ${line}`}
      disabled={disabled}
      onClick={() => onClick(line, way)}
    >
      <Icon name={way} size={14} />
    </button>
  );
}
