import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon } from './icons';

/** Pixels between a menu and the window's edge. */
const EDGE = 8;

/** A button with a menu below it. Arrow keys walk the items, as in any menu; choosing one closes it. */
export function MenuButton(props: { label: string; width: number; children: ComponentChildren }) {
  const { label, width, children } = props;
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const menu = list.current;
    // The popover lives in the top layer: it takes its place from the button when it opens.
    const place = (event: Event) => {
      if ((event as ToggleEvent).newState !== 'open' || !menu || !button.current) return;
      const box = button.current.getBoundingClientRect();
      const left = Math.max(EDGE, Math.min(box.left, innerWidth - width - EDGE));
      menu.style.setProperty('--menu-x', `${left}px`);
      menu.style.setProperty('--menu-y', `${box.bottom + 4}px`);
      menu.style.setProperty('--menu-width', `${width}px`);
    };
    const enter = (event: Event) => {
      if ((event as ToggleEvent).newState === 'open')
        menu?.querySelector<HTMLButtonElement>('button:not(:disabled)')?.focus();
    };
    menu?.addEventListener('beforetoggle', place);
    menu?.addEventListener('toggle', enter);
    return () => {
      menu?.removeEventListener('beforetoggle', place);
      menu?.removeEventListener('toggle', enter);
    };
  }, [width]);

  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(list.current?.querySelectorAll<HTMLButtonElement>('button:not(:disabled)') ?? [])];
    const here = items.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items[(to + items.length) % items.length]?.focus();
  };

  return (
    <>
      <button type="button" class="plain" ref={button} popovertarget={id} aria-haspopup="menu">
        {label}
        <Icon name="down" size={14} />
      </button>
      <div
        id={id}
        ref={list}
        class="menu"
        popover="auto"
        role="menu"
        aria-label={label}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          if ((event.target as Element).closest('button')) list.current?.hidePopover();
        }}
      >
        {children}
      </div>
    </>
  );
}
