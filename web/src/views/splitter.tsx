import { useLayoutEffect, useRef } from 'preact/hooks';
import { recall, remember } from './memory';

interface SplitterProps {
  label: string;
  /** The custom property on the page that holds the share of the first pane, in percent. */
  property: string;
  vertical: boolean;
  initial: number;
}

const LEAST = 15;
const MOST = 85;

/** The line between two panes: dragged, or moved with the arrow keys; double-click puts it back. It stays where it was put. */
export function Splitter({ label, property, vertical, initial }: SplitterProps) {
  const bar = useRef<HTMLDivElement>(null);

  const place = (percent: number): number => {
    const value = Math.min(MOST, Math.max(LEAST, percent));
    document.documentElement.style.setProperty(property, `${value}%`);
    bar.current?.setAttribute('aria-valuenow', String(Math.round(value)));
    return value;
  };
  const set = (percent: number) => remember(property, place(percent));
  const reset = () => {
    place(initial);
    remember(property, undefined);
  };

  useLayoutEffect(() => {
    const value = recall(property, LEAST, MOST);
    if (value !== undefined) place(value);
  }, []);

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.preventDefault();
    bar.current?.setPointerCapture(event.pointerId);
    const move = (next: PointerEvent) => {
      const around = bar.current?.parentElement?.getBoundingClientRect();
      if (!around) return;
      set(
        vertical
          ? ((next.clientX - around.left) / around.width) * 100
          : ((next.clientY - around.top) / around.height) * 100,
      );
    };
    const target = bar.current;
    target?.addEventListener('pointermove', move);
    target?.addEventListener('lostpointercapture', () => target.removeEventListener('pointermove', move), {
      once: true,
    });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const now = Number(bar.current?.getAttribute('aria-valuenow'));
    const [less, more] = vertical ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const to = { [less as string]: now - 2, [more as string]: now + 2, Home: LEAST, End: MOST }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    set(to);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule can't be moved, this one can
    <div
      ref={bar}
      class={`splitter ${vertical ? 'splitter-vertical' : 'splitter-horizontal'}`}
      role="separator"
      aria-label={label}
      aria-orientation={vertical ? 'vertical' : 'horizontal'}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={initial}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDblClick={reset}
    />
  );
}
