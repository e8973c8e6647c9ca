/**
 * What the timeline shows: one track for the loop and one per task, each a sequence of segments.
 *
 *     loop    ▇▇▇▇▇──────▇▇▇        runs of handles; idle between them, told apart by what ended it
 *     main    ▇▒▒▒▒▒▒▒▒▒▒▒▒▇        RUN, what it waits for, READY, RUN
 *       foo     ▇──────▇            READY from its creation to its first step
 */
import { Changes } from './changes';
import { dueBefore } from './due';
import { FoldingTree } from './folds';
import { TAKEN } from './heads';
import { Levels } from './levels';
import { Lists } from './lists';
import { State } from './reason';
import { Scale, type ScaleName, type X } from './scale';
import { type EventIndex, How, type Id, Kind, type Trace } from './trace';
import type { TreeRow } from './tree';

export const LOOP_TRACK = 0;

const WANTED = TAKEN.only('kind', 'how', 'flags', 'subject', 'by', 'chain', 'waits');

/** A stretch of a track in one state. */
export interface Segment {
  track: number;
  /** Its number on the track. */
  index: number;
  state: State;
  /** RUN: the run itself; while it lasts it has none: the trace's count. READY: what made it so, or the step that went to sleep if it is due. A wait: the step that ended in it. */
  event: EventIndex;
  x0: X;
  x1: X;
  /** It goes on: nothing is known to have ended it. */
  open: boolean;
}

/** One for each trace: all who look at it share what is computed from it, and its scale. */
const known = new WeakMap<Trace, Tracks>();

export function tracksOf(trace: Trace): Tracks {
  let tracks = known.get(trace);
  if (!tracks) {
    tracks = new Tracks(trace);
    known.set(trace, tracks);
  }
  return tracks;
}

export class Tracks {
  readonly scale: Scale;
  readonly changes: Changes;
  readonly levels: Levels;
  /** Counts up with every change of what is drawn. */
  version = 0;
  private rowsRead = 0;
  /** Per track: rows of output and of requests to cancel; rows of its steps. */
  private readonly marks = new Lists();
  private readonly steps = new Lists();
  /** Its rows, see `arrange`. */
  readonly rows: FoldingTree;
  private chosen: ScaleName | undefined;
  private readonly labels = new Map<number, string>();
  private labelled = 0;

  constructor(readonly trace: Trace) {
    this.scale = new Scale(trace);
    this.changes = new Changes(trace, this.scale, this.steps);
    this.levels = new Levels(trace, this.scale);
    this.rows = new FoldingTree(this);
  }

  get count(): number {
    return this.trace.tasks.length + 1;
  }

  /** There is nothing to draw: no event loop has run, or nothing of it was read yet. */
  get blank(): boolean {
    if (this.rowsRead === 0) return true;
    return this.trace.tasks.length === 0 && this.changes.count(LOOP_TRACK) === 0;
  }

  /** Reads what was appended to the trace, and adapts the scale. True if positions on it have moved. */
  update(): boolean {
    this.read();
    return this.setScale(this.chosen);
  }

  /** Reads what was appended to the trace. The scale stays: whoever draws on it adapts it. */
  read(): void {
    const { changes } = this;
    this.take();
    changes.grow();
    this.readPresent();
    this.version++;
    if (!this.rows.onlyAlive) this.rows.arrange(0, Infinity);
  }

  /** Takes rows in, and tells nobody: those of a long trace while it comes. Who looks at it reads it. */
  take(): void {
    const { trace } = this;
    this.scale.runs.update();
    for (let from = this.rowsRead, n = 0; from < trace.count; from += n) {
      n = trace.heads(from, TAKEN, WANTED);
      this.changes.take(from, n);
      for (let k = 0; k < n; k++) {
        const kind = TAKEN.kind[k] as number;
        if (kind === Kind.STEP) {
          const track = this.trackOf(TAKEN.subject[k] as Id);
          // Else its TASK row was lost.
          if (track !== LOOP_TRACK) this.steps.push(track, from + k);
        } else if (kind !== Kind.CALLBACK) this.readRow(from + k, kind, k);
      }
    }
    this.rowsRead = trace.count;
  }

  /** Chooses a scale; undefined: the one that suits the trace. True if positions have moved. */
  setScale(name: ScaleName | undefined): boolean {
    this.chosen = name;
    const wanted = name ?? this.scale.preferred();
    const changed = wanted !== this.scale.name;
    this.scale.name = wanted;
    const moved = this.scale.adapt(changed || this.trace.exit !== undefined);
    if (moved) this.version++;
    return moved;
  }

  /** The rows as they were arranged last, see Tree. */
  tree(): readonly TreeRow[] {
    return this.rows.rows;
  }

  /** The row of the tree that shows a track; -1: none does. */
  rowOf(track: number): number {
    return this.rows.rowOf(track);
  }

  /** The track of a task; the loop's for every other id. */
  trackOf(id: Id): number {
    return this.trace.indexOf(id) + 1;
  }

  /** The track that shows an id: the library's own tasks run on the loop's. */
  visible(id: Id): number {
    const track = this.trackOf(id);
    return this.isLibrary(track) ? LOOP_TRACK : track;
  }

  /** The id of a track's task; 0 for the loop. */
  taskOf(track: number): Id {
    return this.trace.tasks[track - 1]?.id ?? 0;
  }

  /** A track's label; kept until there are more tasks, because a label depends on the others'. */
  label(track: number, of: (trace: Trace, id: Id) => string): string {
    if (this.labelled !== this.trace.tasks.length) this.labels.clear();
    this.labelled = this.trace.tasks.length;
    let label = this.labels.get(track);
    if (label === undefined) {
      label = of(this.trace, this.taskOf(track));
      this.labels.set(track, label);
    }
    return label;
  }

  segment(track: number, index: number): Segment | undefined {
    const { changes } = this;
    const n = changes.count(track);
    if (index < 0 || index >= n) return undefined;
    const open = index === n - 1;
    const x0 = changes.x(track, index);
    return {
      track,
      index,
      state: changes.state(track, index),
      event: changes.event(track, index),
      x0,
      x1: open ? Math.max(x0, this.scale.now()) : changes.x(track, index + 1),
      open: open && !this.trace.exit,
    };
  }

  /** Whether a segment is one of being due: READY since a timer that the loop was too busy to see. */
  isDue({ track, index, state }: Pick<Segment, 'track' | 'index' | 'state'>): boolean {
    return state === State.READY && this.changes.isDue(track, index);
  }

  /** The segment at x; undefined where the track shows nothing. */
  at(track: number, x: X): Segment | undefined {
    if (x > this.scale.now()) return undefined;
    const segment = this.segment(track, this.changes.find(track, x));
    return segment && segment.state !== State.NONE ? segment : undefined;
  }

  /** The segments that touch [x0, x1], from left to right. */
  *within(track: number, x0: X, x1: X): Generator<Segment> {
    for (let i = Math.max(0, this.changes.find(track, x0)); i < this.changes.count(track); i++) {
      const segment = this.segment(track, i) as Segment;
      if (segment.x0 > x1) return;
      if (segment.state !== State.NONE && segment.x1 >= x0) yield segment;
    }
  }

  /** The segment that shows an event: a step's or callback's own run, else the run it happened in. */
  show(event: EventIndex): Segment | undefined {
    const { trace, changes, scale } = this;
    if (event < 0 || event >= trace.count) return undefined;
    const kind = trace.kind.at(event);
    let row = event;
    if (kind !== Kind.STEP && kind !== Kind.CALLBACK && kind !== Kind.IDLE) {
      const run = scale.runs.runOf(event);
      row = run < 0 ? -1 : scale.runs.rowOf(run);
    }
    if (row < 0) return undefined;
    const track = kind === Kind.IDLE ? LOOP_TRACK : this.visible(trace.subject.at(row));
    for (
      let i = changes.findEvent(track, row);
      i < changes.count(track) && changes.event(track, i) === row;
      i++
    ) {
      if (changes.state(track, i) === State.RUN || kind === Kind.IDLE) return this.segment(track, i);
    }
    return undefined;
  }

  /** Rows of OUTPUT and CANCEL on a track, in order. */
  marksOf(track: number): readonly EventIndex[] {
    return this.marks.of(track);
  }

  /** Rows of a task's steps, in order. Empty for the loop: see `scale.runs`. */
  stepsOf(track: number): readonly EventIndex[] {
    return this.steps.of(track);
  }

  /** How long a task has run in all, seconds: of real work where the clock stood still. */
  busy(track: number): number {
    const { trace, steps } = this;
    let sum = 0;
    for (let n = 0; n < steps.count(track); n++) {
      const step = steps.get(track, n);
      sum += trace.cpu.at(step) || trace.end.at(step) - trace.t.at(step);
    }
    return sum;
  }

  /** The last step of a task up to an event, and the first one after it; -1: none. */
  stepsAround(track: number, event: EventIndex): [EventIndex, EventIndex] {
    const { steps } = this;
    const n = steps.countUpTo(track, event);
    return [n > 0 ? steps.get(track, n - 1) : -1, n < steps.count(track) ? steps.get(track, n) : -1];
  }

  private isLibrary(track: number): boolean {
    return this.trace.tasks[track - 1]?.library ?? false;
  }

  /** Reads row i, which is no run's; its cells are number k of those that were read. */
  private readRow(i: EventIndex, kind: number, k: number): void {
    if (kind === Kind.OUTPUT) this.marks.push(this.trackOf(TAKEN.by[k] as Id), i);
    else if (kind === Kind.CANCEL) {
      if (TAKEN.how[k] !== How.WITHDRAWN) this.marks.push(this.trackOf(TAKEN.subject[k] as Id), i);
    } else if (kind === Kind.STATE) this.levels.note(i);
  }

  /** What no step of a track's own tells: that its task is no more; what runs, or that the loop waits, at this moment. */
  private readPresent(): void {
    const { trace, scale, changes } = this;
    changes.forgetPresent();
    for (const { index, destroyed } of trace.destroyed) {
      const clock = trace.t.at(destroyed);
      changes.present(index + 1, State.NONE, clock, scale.runs.phaseOf(destroyed));
    }
    if (trace.count === 0 || (trace.exit && !trace.aborted)) return;
    const { subject, since } = trace.running;
    if (subject) {
      changes.present(LOOP_TRACK, State.RUN, since);
      const track = this.trackOf(subject);
      if (track !== LOOP_TRACK) changes.present(track, State.RUN, since);
      for (const { index, outcome, lastStep } of trace.tasks) {
        const sleeper = index + 1;
        if (outcome || lastStep < 0 || sleeper === track) continue;
        const due = dueBefore(trace, scale.runs, lastStep, trace.now);
        if (due) changes.present(sleeper, State.READY, due.when, due.phase);
      }
    } else if (trace.life === 'waits') changes.present(LOOP_TRACK, State.SLEEP, since);
  }
}
