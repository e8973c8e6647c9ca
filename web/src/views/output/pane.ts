/**
 * The log's element. Lines are bounded in number and length, and drawn seldom enough that a program which prints without
 * end leaves the page its time. Everything a program wrote goes in as text nodes.
 */
import { counted } from '../../trace/counted';
import { taskLabel } from '../../trace/reason';
import { shortName } from '../../trace/short';
import type { EventIndex, Trace } from '../../trace/trace';
import { type Line, MAX_LINE, OutputLog } from './log';
import { Rows } from './rows';

/** Lines kept on the page. */
export const KEEP = 5000;
/** Of the time that drawing takes, the page gets this many times as much for everything else. */
const REST = 4;
/** More lines than this at once are a burst: laying them all out would hold the page up. */
const BURST = 200;
/** Lines of a burst's beginning that come at a time. */
const PORTION = 100;
/** A burst is over when nothing has come for so long. */
const QUIET_MS = 200;
const FRAME_MS = 16;
/** Of more tasks than this, names that were written before a twin came are put right when the run is over. */
const MANY = 200;
/** Letters of a writer's name that there is room for in the margin. */
const NAME = 10;
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
  /** Looks at an event: what was written later is faint; undefined: at the end. */
  lookAt(event: EventIndex | undefined): void;
}

export function createOutput({ onChoose, onState }: OutputCallbacks): Output {
  const element = document.createElement('div');
  element.className = 'log';
  element.tabIndex = 0;
  element.setAttribute('role', 'log');
  element.setAttribute('aria-label', 'Output');

  let trace: Trace | undefined;
  let log = new OutputLog(KEEP);
  let following = true;
  let dueAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looked = Number.POSITIVE_INFINITY;
  /** How many tasks there were when their names were read. */
  let tasks = 0;
  const rows = new Rows(element, (number) => {
    const { lines, first } = log;
    const line = lines[number - first] as Line;
    const row = lineElement(trace as Trace, line, lines[number - first - 1]);
    row.classList.toggle('later', line.event > looked);
    return row;
  });

  const report = () => onState({ empty: log.lines.length === 0, earlier: log.earlier, following });

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

  const toEnd = () => {
    element.scrollTop = element.scrollHeight;
  };

  const draw = (changed: number) => {
    const stop = log.first + log.lines.length;
    // Of a burst the last lines come at once, the ones before when it is over.
    const first = stop - changed > BURST ? Math.max(log.first, stop - BURST) : log.first;
    if (first >= rows.to || changed < rows.from) rows.clear(first);
    element.setAttribute('aria-live', stop - Math.max(changed, first) > CHATTER ? 'off' : 'polite');
    rows.cut(changed);
    rows.extend(stop);
    rows.drop(log.first);
    if (following) toEnd();
  };

  /** Puts the lines back that a burst left out, some at a time. */
  const fill = () => {
    if (rows.from <= log.first) return;
    rows.extendBack(Math.max(log.first, rows.from - PORTION));
    if (following) toEnd();
    timer = setTimeout(fill, FRAME_MS);
  };

  /** More tasks have come: one that had a name for itself may have a twin now. */
  const rename = ({ tasks: { length }, by }: Trace) => {
    tasks = length;
    for (const row of rows.elements)
      if (row.dataset.who) row.dataset.who = writer(trace as Trace, by.at(Number(row.dataset.event)));
  };

  const update = () => {
    clearTimeout(timer);
    if (!trace) return;
    const started = performance.now();
    // What a run wrote at its end need not wait: nothing follows.
    const over = trace.exit !== undefined || trace.aborted;
    if (!over && dueAt - started > 1) {
      timer = setTimeout(update, dueAt - started);
      return;
    }
    const changed = log.update(trace);
    if (trace.tasks.length !== tasks && (over || trace.tasks.length < MANY)) rename(trace);
    if (changed >= 0) {
      draw(changed);
      dueAt = performance.now() + REST * (performance.now() - started);
      report();
    }
    if (rows.from > log.first) timer = setTimeout(fill, QUIET_MS);
  };

  return {
    element,
    setTrace(next) {
      trace = next;
      log = new OutputLog(KEEP);
      tasks = 0;
      clearTimeout(timer);
      rows.clear(0);
      following = true;
      dueAt = 0;
      report();
    },
    update,
    lookAt(event = Number.POSITIVE_INFINITY) {
      if (event === looked) return;
      looked = event;
      let last: HTMLElement | undefined;
      for (const row of rows.elements) {
        const later = Number(row.dataset.event) > event;
        row.classList.toggle('later', later);
        if (!later) last = row;
      }
      if (event === Number.POSITIVE_INFINITY) {
        if (following) toEnd();
      } else last?.scrollIntoView({ block: 'nearest' });
    },
    follow() {
      following = true;
      toEnd();
      report();
    },
  };
}

function lineElement(trace: Trace, line: Line, before: Line | undefined): HTMLElement {
  const row = document.createElement('div');
  row.className = line.error ? 'out error' : 'out';
  row.dataset.event = String(line.event);
  const by = trace.by.at(line.event);
  const who = writer(trace, by);
  if (!who) row.classList.add('unsigned');
  // Who wrote it stands at the edge, once for lines in a row. It is drawn from an attribute: no part of the output.
  if (who && !(before && trace.by.at(before.event) === by)) row.dataset.who = who;
  if (line.text.length > MAX_LINE) {
    const more = counted(line.text.length - MAX_LINE);
    const note = document.createElement('span');
    note.className = 'out-cut';
    note.textContent = ` … ${more} more characters`;
    row.append(line.text.slice(0, MAX_LINE), note);
  } else if (line.typed >= 0) {
    const typed = document.createElement('span');
    typed.className = 'out-typed';
    typed.textContent = line.text.slice(line.typed);
    row.append(line.text.slice(0, line.typed), typed);
  } else if (line.text) row.append(line.text);
  else row.append(document.createElement('br'));
  return row;
}

/** The task as its row of the timeline names it: the name that the program chose, else its coroutine's, told apart. */
function writer(trace: Trace, id: number): string {
  return trace.task(id) ? shortName(taskLabel(trace, id), NAME) : '';
}
