/**
 * Which tasks of two runs are the same: those that were created on the same path. A path names every task by its own
 * name, or its coroutine's, and its number among siblings of that name; so it survives edits that move lines.
 *
 *     main ─ fetch        'main', 'main/fetch'
 *          └ fetch        'main/fetch 2'
 */
import type { Id, Task, Trace } from '../trace/trace';

export interface Pair {
  path: string;
  /** How deep it stands below the first task. */
  depth: number;
  /** The task in the first and in the second run; undefined: there is none. */
  tasks: readonly [Task | undefined, Task | undefined];
}

/** The paths of a run's tasks, by their ids, in order of creation. */
export function pathsOf(trace: Trace): Map<Id, string> {
  const paths = new Map<Id, string>();
  const siblings = new Map<string, number>();
  // A task is older than those it creates, though its row may come after theirs.
  for (const task of trace.tasks.toSorted((a, b) => a.id - b.id)) {
    const above = paths.get(task.parent);
    const chosen = /^Task-\d+$/.test(task.name) ? '' : task.name;
    const name = [chosen, task.coroutine].filter(Boolean).join(' ') || 'task';
    const path = above === undefined ? name : `${above}/${name}`;
    const number = (siblings.get(path) ?? 0) + 1;
    siblings.set(path, number);
    paths.set(task.id, number > 1 ? `${path} ${number}` : path);
  }
  return paths;
}

/** The tasks of both runs: in the first one's order, then those that are in the second alone. */
export function matchTasks(first: Trace, second: Trace): Pair[] {
  const left = pathsOf(first);
  const right = pathsOf(second);
  const other = new Map<string, Task>();
  for (const task of second.tasks) other.set(right.get(task.id) as string, task);
  const pairs: Pair[] = [];
  for (const task of own(first)) {
    const path = left.get(task.id) as string;
    pairs.push({ path, depth: depthOf(path), tasks: [task, other.get(path)] });
    other.delete(path);
  }
  for (const task of own(second)) {
    const path = right.get(task.id) as string;
    if (other.has(path)) pairs.push({ path, depth: depthOf(path), tasks: [undefined, task] });
  }
  return pairs;
}

/** The tasks that lines of the program made. */
function own(trace: Trace): Task[] {
  return trace.tasks.filter(({ library }) => !library);
}

function depthOf(path: string): number {
  return path.split('/').length - 1;
}
