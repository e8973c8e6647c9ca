import type { Example } from './examples';
import { MenuButton } from './popover';
import type { Actions, Store } from './store';

/** The programs to start from. */
const WRONG = 'What can go wrong';

export function ExamplesMenu(props: { store: Store; actions: Actions; examples: Example[] }) {
  const { store, actions, examples } = props;
  const item = (example: Example) => (
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
  );
  return (
    <MenuButton label="Examples" width={360}>
      {examples.filter(({ finding }) => !finding).map(item)}
      {/* biome-ignore lint/a11y/useSemanticElements: a group of a menu is no fieldset */}
      <div role="group" aria-label={WRONG}>
        <p class="menu-group" aria-hidden="true">
          {WRONG}
        </p>
        {examples.filter(({ finding }) => finding).map(item)}
      </div>
    </MenuButton>
  );
}
