/**
 * What the timeline shows: one track for the loop and one per task, each a sequence of segments.
 *
 *     loop    ▇▇▇▇▇──────▇▇▇        runs of handles; idle between them, told apart by what ended it
 *     main    ▇▒▒▒▒▒▒▒▒▒▒▒▒▇        RUN, what it waits for, READY, RUN
 *       foo     ▇──────▇            READY from its creation to its first step
 */
import { Changes } from './changes';
import { dueBefore, timerOf } from './due';
import { State, stateAfter } from './reason';
import { isRun, reserved } from './runs';
import { Scale, type ScaleName, type X } from './scale';
import { type EventIndex, Flag, How, type Id, Kind, type Trace } from './trace';

export const LOOP_TRACK = 0;

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

/** One row of the tree of tasks. */
export interface TreeRow {
  track: number;
  depth: number;
}

export class Tracks {
  readonly scale: Scale;
  readonly changes: Changes;
  /** Counts up with every change of what is drawn. */
  version = 0;
  private read = 0;
  private known = 0;
  private marked = 0;
  /** How many changes each track keeps when the run in progress is read again. */
  private readonly unsure = new Map<number, number>();
  /** Per track: rows of output and of requests to cancel; rows of its steps. */
  private readonly marks = new Lists();
  private readonly steps = new Lists();
  /** Per track: the step that ended in waiting for a timer. */
  private readonly sleepers = new Map<number, EventIndex>();
  private rows: TreeRow[] = [{ track: LOOP_TRACK, depth: 0 }];
  private rowOfTrack: number[] = [0];
  private chosen: ScaleName | undefined;
  private readonly labels = new Map<number, string>();
  private labelled = 0;

  constructor(readonly trace: Trace) {
    this.scale = new Scale(trace);
    this.changes = new Changes(this.scale);
    this.addTrack();
  }

  get count(): number {
    return this.changes.tracks;
  }

  /** There is nothing to draw: no event loop has run. */
  get blank(): boolean {
    return this.rows.length === 1 && this.changes.count(LOOP_TRACK) === 0;
  }

  /** Reads what was appended to the trace. True if positions on the scale have moved. */
  update(): boolean {
    const { trace, scale, changes } = this;
    const from = Math.min(scale.runs.update(), this.read);
    for (const [track, count] of this.unsure) changes.truncate(track, count);
    this.unsure.clear();
    for (let i = from; i < trace.count; i++) this.readRow(i, i >= scale.runs.open);
    this.read = trace.count;
    this.readMarks();
    this.readPresent();
    if (this.known !== trace.tasks.length) this.growTree();
    this.version++;
    return this.setScale(this.chosen);
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

  /** The loop first, then the tasks: each below its parent, siblings in order of creation. */
  tree(): readonly TreeRow[] {
    return this.rows;
  }

  /** The row of the tree that shows a track; -1: none does. */
  rowOf(track: number): number {
    return this.rowOfTrack[track] ?? -1;
  }

  /** The track of a task; the loop's for every other id. */
  trackOf(id: Id): number {
    const task = this.trace.task(id);
    return task ? task.index + 1 : LOOP_TRACK;
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
  isDue({ track, index, state, event }: Pick<Segment, 'track' | 'index' | 'state' | 'event'>): boolean {
    // It has the event of the wait before it; other READY segments that follow a wait have one that came later.
    const { changes } = this;
    const before = index - 1;
    if (state !== State.READY || before < 0 || changes.state(track, before) === State.RUN) return false;
    return changes.event(track, before) === event;
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
    const kind = trace.kind[event];
    let row = event;
    if (kind !== Kind.STEP && kind !== Kind.CALLBACK && kind !== Kind.IDLE) {
      const run = scale.runs.runOf(event);
      row = run < 0 ? -1 : (scale.runs.row[run] as number);
    }
    if (row < 0) return undefined;
    const track = kind === Kind.IDLE ? LOOP_TRACK : this.visible(trace.subject[row] as Id);
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
  marksOf(track: number): Int32Array {
    return this.marks.of(track);
  }

  /** Rows of a task's steps, in order. Empty for the loop: see `scale.runs`. */
  stepsOf(track: number): Int32Array {
    return this.steps.of(track);
  }

  /** Whether a track's task is the library's own doing: no line of the program created it. */
  private isLibrary(track: number): boolean {
    const task = this.trace.tasks[track - 1];
    return task !== undefined && ((this.trace.flags[task.created] as number) & Flag.LIBRARY) !== 0;
  }

  private addTrack(): void {
    this.changes.add();
  }

  private push(
    track: number,
    state: State,
    clock: number,
    phase: number,
    event: EventIndex,
    unsure: boolean,
  ): void {
    if (unsure && !this.unsure.has(track)) this.unsure.set(track, this.changes.count(track));
    this.changes.push(track, state, clock, phase, event);
  }

  private readRow(i: EventIndex, unsure: boolean): void {
    const { trace, scale } = this;
    const { runs } = scale;
    const t = trace.t[i] as number;
    const kind = trace.kind[i];
    if (kind === Kind.TASK) {
      const track = this.trackOf(trace.subject[i] as Id);
      while (this.count <= track) this.addTrack();
      this.push(track, State.READY, t, runs.phase[i] as number, i, unsure);
    } else if (kind === Kind.STEP) {
      this.readStep(i, unsure);
    } else if (kind === Kind.IDLE) {
      const state = trace.how[i] === How.OUTSIDE ? State.IO : State.SLEEP;
      this.push(LOOP_TRACK, state, t, runs.phase[i] as number, i, unsure);
    } else if (kind === Kind.LOOP && trace.how[i] === How.END) {
      this.push(LOOP_TRACK, State.NONE, t, runs.phase[i] as number, i, unsure);
    }
    if (isRun(trace, i)) this.push(LOOP_TRACK, State.RUN, t, runs.phase[i] as number, i, unsure);
  }

  private readStep(i: EventIndex, unsure: boolean): void {
    const { trace, scale, changes } = this;
    const { runs } = scale;
    const track = this.trackOf(trace.subject[i] as Id);
    if (track === LOOP_TRACK || track >= this.count) return; // its TASK row was lost
    const last = changes.count(track) - 1;
    const eager = !isRun(trace, i);
    // An eager task was never in the ready queue, though its TASK row, which comes first, looked like it.
    if (eager && last === 0) changes.truncate(track, 0);
    else if (!eager && last >= 0 && changes.state(track, last) !== State.READY) {
      this.pushDue(track, changes.event(track, last), trace.ready[i] as number, unsure);
      this.push(track, State.READY, trace.ready[i] as number, runs.readyPhase(i), i, unsure);
    }
    this.push(track, State.RUN, trace.t[i] as number, runs.beginPhase(i), i, unsure);
    this.push(track, stateAfter(trace, i), trace.end[i] as number, runs.endPhase(i), i, unsure);
    if (timerOf(trace, i)) this.sleepers.set(track, i);
    else this.sleepers.delete(track);
  }

  /** What a track waits for since `step` may have been due before the loop saw it: from then on it is READY. */
  private pushDue(track: number, step: EventIndex, now: number, unsure: boolean): void {
    const due = dueBefore(this.trace, this.scale.runs, step, now);
    if (due) this.push(track, State.READY, due.when, due.phase, step, unsure);
  }

  private readMarks(): void {
    const { trace } = this;
    for (let i = this.marked; i < trace.count; i++) {
      const kind = trace.kind[i];
      if (kind === Kind.STEP) this.steps.push(this.trackOf(trace.subject[i] as Id), i);
      else if (kind === Kind.OUTPUT) this.marks.push(this.trackOf(trace.by[i] as Id), i);
      else if (kind === Kind.CANCEL && trace.how[i] !== How.WITHDRAWN)
        this.marks.push(this.trackOf(trace.subject[i] as Id), i);
    }
    this.marked = trace.count;
  }

  /** What runs, or that the loop waits, at this moment: drawn until the next rows tell better. */
  private readPresent(): void {
    const { trace, scale } = this;
    const i = trace.count;
    if (i === 0 || (trace.exit && !trace.aborted)) return;
    const k = scale.runs.count;
    const { subject, since } = trace.running;
    if (subject) {
      this.push(LOOP_TRACK, State.RUN, since, k, i, true);
      const track = this.trackOf(subject);
      if (track !== LOOP_TRACK) this.push(track, State.RUN, since, k, i, true);
      for (const [sleeper, step] of this.sleepers)
        if (sleeper !== track) this.pushDue(sleeper, step, trace.now, true);
    } else if (trace.life === 'waits' && trace.now > since)
      this.push(LOOP_TRACK, State.SLEEP, since, k, i, true);
  }

  private growTree(): void {
    const { tasks } = this.trace;
    const children = new Map<number, number[]>();
    for (const task of tasks) {
      // asyncio.run's own tasks after the program's end: they run on the loop's track.
      if (this.isLibrary(task.index + 1)) continue;
      const parent = this.trackOf(task.parent);
      const list = children.get(parent);
      if (list) list.push(task.index + 1);
      else children.set(parent, [task.index + 1]);
    }
    this.rows = [{ track: LOOP_TRACK, depth: 0 }];
    const stack = (children.get(LOOP_TRACK) ?? []).map((track) => ({ track, depth: 0 })).reverse();
    for (let row = stack.pop(); row; row = stack.pop()) {
      this.rows.push(row);
      const below = children.get(row.track) ?? [];
      for (let k = below.length; k-- > 0; ) stack.push({ track: below[k] as number, depth: row.depth + 1 });
    }
    this.rowOfTrack = [];
    this.rows.forEach(({ track }, row) => {
      this.rowOfTrack[track] = row;
    });
    this.known = tasks.length;
  }
}

/** Growing lists of rows, one per track. */
class Lists {
  private readonly rows: Int32Array<ArrayBuffer>[] = [];
  private readonly counts: number[] = [];

  push(track: number, row: EventIndex): void {
    const count = this.counts[track] ?? 0;
    const rows = reserved(this.rows[track] ?? new Int32Array(4), count + 1);
    rows[count] = row;
    this.rows[track] = rows;
    this.counts[track] = count + 1;
  }

  of(track: number): Int32Array {
    return this.rows[track]?.subarray(0, this.counts[track]) ?? new Int32Array(0);
  }
}
