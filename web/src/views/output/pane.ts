/**
 * The log's element. Lines are bounded in number and length, and drawn seldom enough that a program which prints without
 * end leaves the page its time. Everything a program wrote goes in as text nodes.
 */
import type { EventIndex, Trace } from '../../trace/trace';
import { type Line, MAX_LINE, OutputLog } from './log';

/** Lines kept on the page. */
export const KEEP = 5000;
/** Of the time that drawing takes, the page gets this many times as much for everything else. */
const REST = 4;
/** More lines than this at once are not read aloud. */
const CHATTER = 50;

export interface OutputCallbacks {
  /** A line was chosen: the event that wrote it. */
  onChoose(event: EventIndex): void;
  /** Where the log stands: lines that were cut, whether it is empty, and whether its end is followed. */
  onState(state: OutputState): void;
}

export interface OutputState {
  empty: boolean;
  earlier: number;
  following: boolean;
}

export interface Output {
  readonly element: HTMLElement;
  setTrace(trace: Trace): void;
  /** The trace has grown. */
  update(): void;
  follow(): void;
}

export function createOutput({ onChoose, onState }: OutputCallbacks): Output {
  const element = document.createElement('div');
  element.className = 'log';
  element.tabIndex = 0;
  element.setAttribute('role', 'log');
  element.setAttribute('aria-label', 'Output');

  let trace: Trace | undefined;
  let log = new OutputLog(KEEP);
  // Line elements of the numbers from `from` on; each is followed by a newline, so that text taken from here has its lines.
  let rows: HTMLElement[] = [];
  let from = 0;
  let following = true;
  let dueAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const report = () => onState({ empty: rows.length === 0, earlier: log.earlier, following });

  element.addEventListener('scroll', () => {
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 24;
    if (atEnd === following) return;
    following = atEnd;
    report();
  });
  element.addEventListener('click', (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-event]') : null;
    // A click that ends a selection of text is no click on the line.
    if (row && document.getSelection()?.isCollapsed !== false) onChoose(Number(row.dataset.event));
  });

  const dropRows = (count: number) => {
    for (const row of rows.splice(0, count)) {
      row.nextSibling?.remove();
      row.remove();
    }
    from += count;
  };

  const clear = (first: number) => {
    element.replaceChildren();
    rows = [];
    from = first;
  };

  const draw = (whole: Trace, changed: number) => {
    const started = performance.now();
    const stop = log.first + log.lines.length;
    if (changed <= from || log.first >= from + rows.length) clear(log.first);
    while (rows.length > 0 && from + rows.length > changed) {
      const row = rows.pop();
      row?.nextSibling?.remove();
      row?.remove();
    }
    const fragment = document.createDocumentFragment();
    const start = from + rows.length;
    element.setAttribute('aria-live', stop - start > CHATTER ? 'off' : 'polite');
    for (let number = start; number < stop; number++) {
      const line = log.lines[number - log.first] as Line;
      const row = lineElement(whole, line, log.lines[number - log.first - 1]);
      rows.push(row);
      fragment.append(row, '\n');
    }
    element.append(fragment);
    if (from < log.first) dropRows(log.first - from);
    if (following) element.scrollTop = element.scrollHeight;
    dueAt = performance.now() + REST * (performance.now() - started);
    report();
  };

  const update = () => {
    clearTimeout(timer);
    if (!trace) return;
    const wait = dueAt - performance.now();
    if (wait > 1) {
      timer = setTimeout(update, wait);
      return;
    }
    const changed = log.update(trace);
    if (changed >= 0) draw(trace, changed);
  };

  return {
    element,
    setTrace(next) {
      trace = next;
      log = new OutputLog(KEEP);
      clear(0);
      following = true;
      dueAt = 0;
      report();
    },
    update,
    follow() {
      following = true;
      element.scrollTop = element.scrollHeight;
      report();
    },
  };
}

function lineElement(trace: Trace, line: Line, before: Line | undefined): HTMLElement {
  const row = document.createElement('div');
  row.className = line.error ? 'out error' : 'out';
  row.dataset.event = String(line.event);
  const by = trace.by[line.event] as number;
  const who = writer(trace, by);
  // Who wrote it stands at the edge, once for lines in a row. It is drawn from an attribute: no part of the output.
  if (who && !(before && trace.by[before.event] === by)) row.dataset.who = who;
  if (line.text.length > MAX_LINE) {
    const more = (line.text.length - MAX_LINE).toLocaleString('en');
    const note = document.createElement('span');
    note.className = 'out-cut';
    note.textContent = ` … ${more} more characters`;
    row.append(line.text.slice(0, MAX_LINE), note);
  } else if (line.text) row.append(line.text);
  else row.append(document.createElement('br'));
  return row;
}

/** The task's own name where the program chose one, else its coroutine's. */
function writer(trace: Trace, id: number): string {
  const task = trace.task(id);
  if (!task) return '';
  return (/^Task-\d+$/.test(task.name) && task.coroutine) || task.name;
}
