import type { ComponentChildren } from 'preact';
import type { Actions, Store, Tab } from '../store';
import { Findings, findingsCount } from './findings';
import { Selected } from './selected';
import { StateAt } from './state';
import { Told } from './told';

const TABS: { name: Tab; title: string }[] = [
  { name: 'selected', title: 'Selected' },
  { name: 'state', title: 'State at t' },
  { name: 'findings', title: 'Findings' },
  { name: 'words', title: 'Told in words' },
];

/** What is known about the moment looked at, under four tabs. */
export function Panel({ store, actions }: { store: Store; actions: Actions }) {
  const { tab: open } = store;
  const here = open.value;
  const walk = (event: KeyboardEvent) => {
    const index = TABS.findIndex((tab) => tab.name === here);
    const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = TABS[(to + TABS.length) % TABS.length];
    if (!next) return;
    open.value = next.name;
    document.getElementById(`tab-${next.name}`)?.focus();
  };
  return (
    <div class="panel">
      <h2 class="unseen">Details</h2>
      <div class="tabs" role="tablist" aria-label="Details" onKeyDown={walk}>
        {TABS.map(({ name, title }) => (
          <button
            type="button"
            key={name}
            role="tab"
            id={`tab-${name}`}
            aria-selected={here === name}
            aria-controls={`panel-${name}`}
            tabIndex={here === name ? 0 : -1}
            onClick={() => {
              open.value = name;
            }}
          >
            {title}
            {name === 'findings' && <Count store={store} />}
          </button>
        ))}
      </div>
      {here === 'selected' && (
        <TabPanel name="selected">
          <Selected store={store} actions={actions} />
        </TabPanel>
      )}
      {here === 'state' && (
        <TabPanel name="state">
          <StateAt store={store} actions={actions} />
        </TabPanel>
      )}
      {here === 'findings' && (
        <TabPanel name="findings">
          <Findings store={store} actions={actions} />
        </TabPanel>
      )}
      {here === 'words' && (
        <TabPanel name="words">
          <Told store={store} actions={actions} />
        </TabPanel>
      )}
    </div>
  );
}

/** How many findings there are; the list behind the tab says so in words. */
function Count({ store }: { store: Store }) {
  const count = findingsCount(store);
  if (count === 0) return null;
  return (
    <span class="count" aria-hidden="true">
      {count}
    </span>
  );
}

function TabPanel({ name, children }: { name: Tab; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div class="tab-panel" role="tabpanel" id={`panel-${name}`} aria-labelledby={`tab-${name}`} tabIndex={0}>
      {children}
    </div>
  );
}
