import { useEffect, useId, useRef } from 'preact/hooks';
import type { Example } from './examples';
import { Icon } from './icons';
import type { Actions, Store } from './store';

/** Pixels; as in header.css. */
const WIDTH = 360;

/** The programs to start from. Arrow keys walk the list, as in any menu. */
export function ExamplesMenu(props: { store: Store; actions: Actions; examples: Example[] }) {
  const { store, actions, examples } = props;
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const menu = list.current;
    // The popover lives in the top layer: it takes its place from the button when it opens.
    const place = (event: Event) => {
      if ((event as ToggleEvent).newState !== 'open' || !menu || !button.current) return;
      const box = button.current.getBoundingClientRect();
      const left = Math.max(8, Math.min(box.left, innerWidth - WIDTH - 8));
      menu.style.setProperty('--menu-x', `${left}px`);
      menu.style.setProperty('--menu-y', `${box.bottom + 4}px`);
    };
    const enter = (event: Event) => {
      if ((event as ToggleEvent).newState === 'open') menu?.querySelector('button')?.focus();
    };
    menu?.addEventListener('beforetoggle', place);
    menu?.addEventListener('toggle', enter);
    return () => {
      menu?.removeEventListener('beforetoggle', place);
      menu?.removeEventListener('toggle', enter);
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(list.current?.querySelectorAll('button') ?? [])];
    const here = items.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items[(to + items.length) % items.length]?.focus();
  };

  const choose = (name: string) => {
    list.current?.hidePopover();
    actions.openExample(name);
  };

  return (
    <>
      <button type="button" class="plain" ref={button} popovertarget={id} aria-haspopup="menu">
        Examples
        <Icon name="down" size={14} />
      </button>
      <div
        id={id}
        ref={list}
        class="menu"
        popover="auto"
        role="menu"
        aria-label="Examples"
        onKeyDown={onKeyDown}
      >
        {examples.map((example) => (
          <button
            type="button"
            key={example.name}
            role="menuitemradio"
            aria-checked={store.example.value === example.name}
            onClick={() => choose(example.name)}
          >
            <span class="menu-title">{example.title}</span>
            <span class="menu-hint">{example.hint}</span>
          </button>
        ))}
      </div>
    </>
  );
}
