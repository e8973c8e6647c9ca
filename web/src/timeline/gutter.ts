/**
 * The tracks' names: a real tree grid beside the canvas. It says in words what the canvas draws, has the keyboard's
 * focus, and holds only the rows on screen and the focused one.
 */
import { handlesWord, outcome, stepsWord } from '../trace/describe';
import { isFold } from '../trace/folds';
import { How, type Task } from '../trace/trace';
import { LOOP_TRACK, type Tracks } from '../trace/tracks';
import type { TreeRow } from '../trace/tree';
import type { Layout, Px } from './layout';
import { nameOf } from './names';
import { shortenMiddle, textWidth } from './text';

const INDENT: Px = 14;
const TWISTY: Px = 14;
/** Between name and steps, and after them; and what widths may be off by. */
const EDGE: Px = 8;
const OFF: Px = 2;
/** Fonts, in rem: as in timeline.css. The selected row's name is the widest: it must not be cut once more. */
const NAME = { weight: 600, size: 0.75 };
const STEPS = { weight: 400, size: 0.6875 };
const DEEPEST = 6;

interface Row {
  element: HTMLElement;
  /** Folds and unfolds. */
  twisty: HTMLElement;
  name: HTMLElement;
  steps: HTMLElement;
  state: HTMLElement;
  text: string;
  /** Where it stands, height and top: told to the browser only when they change. */
  place: string;
  /** Tab stop and selection, likewise. */
  marks: string;
}

export class Gutter {
  readonly element = document.createElement('div');
  private readonly scroller = document.createElement('div');
  private readonly rows = new Map<number, Row>();
  private readonly measure = document.createElement('canvas').getContext('2d');
  private font = '';
  private rem = 16;
  private fontKey = '';

  constructor() {
    this.element.className = 'ls-gutter';
    this.element.setAttribute('role', 'treegrid');
    this.element.setAttribute('aria-label', 'Tasks');
    this.scroller.className = 'ls-rows';
    this.scroller.setAttribute('role', 'rowgroup');
    const top = document.createElement('div');
    top.setAttribute('role', 'rowgroup');
    this.element.append(top, this.scroller);
  }

  /** Shows the rows [first, last) of the tree; row `current` has the tab stop, row `selected` the mark. */
  update(
    tracks: Tracks,
    layout: Layout,
    scrolled: Px,
    [first, last]: readonly [number, number],
    current: number,
    selected: number,
  ): void {
    const tree = tracks.tree();
    this.element.hidden = false;
    this.readFont(layout);
    const style = this.element.style;
    style.top = `${layout.loopTop}px`;
    style.width = `${layout.gutter}px`;
    this.scroller.style.top = `${layout.rowsTop - layout.loopTop}px`;
    this.element.setAttribute('aria-rowcount', String(tree.length));
    const keep = new Set<number>([0, current]);
    for (let r = first; r < last; r++) keep.add(r);
    for (const [r, row] of this.rows) {
      if (keep.has(r) && r < tree.length) continue;
      row.element.remove();
      this.rows.delete(r);
    }
    for (const r of [...keep].sort((a, b) => a - b)) {
      if (r >= tree.length) continue;
      const row = this.show(tracks, layout, scrolled, r);
      const marks = `${r === current}:${r === selected}`;
      if (row.marks === marks) continue;
      row.marks = marks;
      const { element } = row;
      element.tabIndex = r === current ? 0 : -1;
      element.classList.toggle('ls-current', r === selected);
      element.setAttribute('aria-selected', String(r === selected));
    }
  }

  /** Moves the keyboard's focus to a row. */
  focus(r: number, visible = true): void {
    const options: FocusOptions & { focusVisible?: boolean } = {
      preventScroll: true,
      ...(!visible && { focusVisible: false }),
    };
    this.rows.get(r)?.element.focus(options);
  }

  /** What the user does with a row's name; nothing for what lies between rows. */
  listen(
    {
      focus,
      blur,
      click,
      fold,
    }: {
      focus(row: number): void;
      blur(): void;
      click(row: number): void;
      fold(row: number): void;
    },
    signal: AbortSignal,
  ): void {
    const onRow = (act: (row: number) => void) => (e: Event) => {
      const row = this.rowOf(e.target);
      if (row !== undefined) act(row);
    };
    this.element.addEventListener('focusin', onRow(focus), { signal });
    this.element.addEventListener('focusout', blur, { signal });
    this.element.addEventListener(
      'click',
      (e) => {
        const twisty = e.target instanceof Element && e.target.closest('.ls-twisty') !== null;
        onRow(twisty ? fold : click)(e);
      },
      { signal },
    );
  }

  /** The row of the tree that an element of the gutter shows. */
  private rowOf(target: EventTarget | null): number | undefined {
    const row =
      target instanceof Element ? target.closest<HTMLElement>('[data-row]')?.dataset.row : undefined;
    return row === undefined ? undefined : Number(row);
  }

  get focused(): boolean {
    return this.element.contains(document.activeElement);
  }

  clear(): void {
    // Without rows it is no grid.
    this.element.hidden = true;
    for (const row of this.rows.values()) row.element.remove();
    this.rows.clear();
  }

  private show(tracks: Tracks, layout: Layout, scrolled: Px, r: number): Row {
    const shown = tracks.tree()[r] as TreeRow;
    const { track, depth, children, folded } = shown;
    const fold = isFold(shown);
    const row = this.rows.get(r) ?? this.add(r);
    const { element } = row;
    const height = r === 0 ? layout.lanesTop - layout.loopTop : layout.row;
    const top = r === 0 ? 0 : (r - 1) * layout.row - scrolled;
    const place = `${top}:${height}`;
    if (row.place !== place) {
      row.place = place;
      element.style.height = element.style.lineHeight = `${height}px`;
      element.style.top = `${top}px`;
    }
    const label = nameOf(tracks, shown);
    const task = fold ? undefined : tracks.trace.task(tracks.taskOf(track));
    const state = fold ? 'ended before what is in view' : outcome(tracks, track);
    const loop = track === LOOP_TRACK;
    const count = loop ? handlesWord(tracks.scale.runs.phases) : fold ? '' : stepsWord(task?.steps ?? 0);
    const steps = stepsAt(tracks, shown);
    const name = this.cut(label, shown, layout, steps);
    const text = `${track}:${label}:${name}:${count}:${state}:${depth}:${layout.gutter}:${children}:${folded}`;
    if (row.text === text) return row;
    row.text = text;
    const indent = indentOf(shown, layout);
    element.style.paddingLeft = `${indent}px`;
    row.twisty.style.left = `${indent - TWISTY}px`;
    row.twisty.hidden = children === 0;
    row.twisty.textContent = folded ? '▸' : '▾';
    row.twisty.title = fold ? '' : folded ? 'Show the tasks below it' : 'Hide the tasks below it';
    if (children > 0) element.setAttribute('aria-expanded', String(!folded));
    else element.removeAttribute('aria-expanded');
    element.classList.toggle('ls-loop', loop);
    element.classList.toggle('ls-fold', fold);
    element.classList.toggle('ls-bad', task?.outcome === How.RAISED);
    element.setAttribute('aria-rowindex', String(r + 1));
    element.setAttribute('aria-level', String(depth + 1));
    const told = fold ? `${label}: ${state}` : `${label}: ${count}, ${state}`;
    element.setAttribute('aria-label', told);
    element.title = fold ? `${told}; ${folded ? 'show' : 'hide'} them` : `${told}${identity(task, label)}`;
    row.name.textContent = name;
    row.steps.textContent = steps;
    row.state.textContent = state;
    return row;
  }

  /** As much of a row's name as there is room for. */
  private cut(name: string, row: TreeRow, layout: Layout, steps: string): string {
    const { measure } = this;
    const room = layout.gutter - indentOf(row, layout) - (layout.narrow ? EDGE / 2 : EDGE) - OFF;
    const left = layout.narrow ? room : room - this.width(steps, STEPS) - EDGE;
    // How many a row stands for is a sentence, whose end can go.
    return measure && !isFold(row) ? shortenMiddle(measure, this.css(NAME), name, left) : name;
  }

  /** In the rows all figures are as wide as the widest. */
  private width(text: string, font: typeof NAME): Px {
    return this.measure ? textWidth(this.measure, this.css(font), text.replace(/\d/g, '0')) : 0;
  }

  private css({ weight, size }: typeof NAME): string {
    return `${weight} ${size * this.rem}px ${this.font}`;
  }

  /** Font and size of the names; asked for only when the layout changes, because asking costs. */
  private readFont({ row, gutter }: Layout): void {
    const key = `${row}:${gutter}`;
    if (key === this.fontKey) return;
    this.fontKey = key;
    this.font = getComputedStyle(this.element).fontFamily;
    this.rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  }

  private add(r: number): Row {
    const element = document.createElement('div');
    element.className = 'ls-row';
    element.dataset.row = String(r);
    element.setAttribute('role', 'row');
    const cell = (name: string): HTMLElement => {
      const span = document.createElement('span');
      span.className = name;
      span.setAttribute('role', 'gridcell');
      element.append(span);
      return span;
    };
    const twisty = document.createElement('span');
    twisty.className = 'ls-twisty';
    twisty.setAttribute('aria-hidden', 'true');
    element.append(twisty);
    const row: Row = {
      element,
      twisty,
      name: cell('ls-name'),
      steps: cell('ls-steps'),
      state: cell('ls-hidden'),
      text: '',
      place: '',
      marks: '',
    };
    this.rows.set(r, row);
    if (r === 0) this.element.firstElementChild?.append(element);
    else {
      // In the order of the tree: a screen reader reads the document.
      const after = [...this.rows.keys()].filter((k) => k > r).sort((a, b) => a - b)[0];
      this.scroller.insertBefore(element, after === undefined ? null : (this.rows.get(after) as Row).element);
    }
    return row;
  }
}

function indentOf({ depth }: TreeRow, { narrow }: Layout): Px {
  return (narrow ? 12 : 18) + Math.min(depth, DEEPEST) * (narrow ? 8 : INDENT);
}

/** What the name leaves out: asyncio's own name, and the coroutine. */
function identity(task: Task | undefined, label: string): string {
  if (!task || label === task.coroutine) return '';
  return `\n${task.name}${task.coroutine ? `, which runs ${task.coroutine}` : ''}`;
}

/** Behind a row's name: its steps, or how many rows are hidden below it. */
function stepsAt(tracks: Tracks, row: TreeRow): string {
  if (isFold(row)) return '';
  if (row.folded) return `+${row.children}`;
  if (row.track === LOOP_TRACK) return handlesWord(tracks.scale.runs.phases);
  return stepsWord(tracks.trace.task(tracks.taskOf(row.track))?.steps ?? 0);
}
