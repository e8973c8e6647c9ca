/** What a link tells of the moment that is looked at. */
import type { Link } from '../share/permalink';
import type { Store, Tab } from '../views/store';

/** The instant, the task that is selected there, and the open tab; of an edited program only the tab. */
export function momentOf(store: Store): Partial<Link> {
  const { cursor, aim, run, stale, tab } = store;
  const view = tab.value === 'selected' ? {} : { view: tab.value };
  const at = cursor.value;
  if (at < 0 || stale.value) return view;
  const { trace, tracks } = run.value;
  const task = aim.value?.task ?? tracks.taskOf(tracks.trackOf(trace.subject.at(at)));
  const part = aim.value?.part;
  return {
    ...view,
    at,
    ...(task > 0 && { task }),
    ...(part && part !== 'run' && { part }),
  };
}

export function isTab(view: string): view is Tab {
  return view === 'selected' || view === 'state' || view === 'findings' || view === 'words';
}
