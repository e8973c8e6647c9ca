import type { Example } from './examples';
import { MenuButton } from './popover';
import type { Actions, Store } from './store';

/** The programs to start from. */
export function ExamplesMenu(props: { store: Store; actions: Actions; examples: Example[] }) {
  const { store, actions, examples } = props;
  return (
    <MenuButton label="Examples" width={360}>
      {examples.map((example) => (
        <button
          type="button"
          key={example.name}
          role="menuitemradio"
          aria-checked={store.example.value === example.name}
          onClick={() => actions.openExample(example.name)}
        >
          <span class="menu-title">{example.title}</span>
          <span class="menu-hint">{example.hint}</span>
        </button>
      ))}
    </MenuButton>
  );
}
