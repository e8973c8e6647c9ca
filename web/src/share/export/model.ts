/**
 * A run as tracks of slices, joined by flows: what the formats of other tools have in common.
 *
 *     asyncio
 *       event loop       ▇▇▇▇▇──────▇▇▇      runs of handles, idle between them
 *       ready queue      1 2 1 0 …           its length
 *       main             ▇▒▒▒▒▒▒▒▒▒▒▒▒▇      a task: steps, what it waits for, being ready
 *         foo              ▇──────▇          below the task that created it
 *
 * Other tools show time alone, and a step under the virtual clock takes none. So every run of a handle is given a
 * microsecond there, and a nanosecond under the real clock, where the clock is too coarse to tell two runs apart. Each
 * slice says in its arguments what the clock really showed.
 */

import { cause } from '../../trace/cause';
import { trackLabel } from '../../trace/describe';
import { closes } from '../../trace/own';
import { awaited, ownSite, State } from '../../trace/reason';
import { isRun } from '../../trace/runs';
import { type EventIndex, How, Kind, type Trace } from '../../trace/trace';
import { LOOP_TRACK, type Segment, Tracks } from '../../trace/tracks';

export type Args = Record<string, string | number>;

export interface ModelTrack {
  /** 0 is the event loop's. */
  id: number;
  name: string;
  /** The track of the task that created it; undefined: none did. */
  parent: number | undefined;
}

export interface Slice {
  track: number;
  name: string;
  /** Of what runs, waits, is ready: for colours and filters. */
  category: string;
  /** Nanoseconds. */
  begin: number;
  end: number;
  args: Args;
  /** Wake-ups that began here, and those that ended here. */
  sends: readonly number[];
  receives: readonly number[];
}

export interface Mark {
  track: number;
  name: string;
  at: number;
  args: Args;
}

export interface Sample {
  at: number;
  value: number;
}

const CATEGORY: Record<State, string> = {
  [State.RUN]: 'run',
  [State.READY]: 'ready',
  [State.SLEEP]: 'sleep',
  [State.SYNC]: 'lock',
  [State.QUEUE]: 'queue',
  [State.TASK]: 'task',
  [State.IO]: 'io',
  [State.OTHER]: 'wait',
  [State.NONE]: '',
};
const NONE: readonly number[] = [];

export class Model {
  readonly tracks: ModelTrack[];
  private readonly lines: Tracks;
  private readonly sends = new Map<EventIndex, number[]>();
  private readonly receives = new Map<EventIndex, number[]>();

  constructor(readonly trace: Trace) {
    // Lines of its own: their scale is not the one on screen.
    this.lines = new Tracks(trace);
    this.lines.update();
    this.lines.scale.beta = this.lines.scale.preferred() === 'turns' ? 1e-6 : 1e-9;
    this.tracks = [{ id: LOOP_TRACK, name: 'event loop', parent: undefined }, ...this.tasks()];
    for (let row = 0; row < trace.count; row++) this.readFlow(row);
  }

  /** All slices of a track, from left to right. */
  *slices(track: number): Generator<Slice> {
    const { changes } = this.lines;
    for (let k = 0; k < changes.count(track); k++) {
      const segment = this.lines.segment(track, k) as Segment;
      const begin = nanoseconds(segment.x0);
      const end = nanoseconds(segment.x1);
      // A step that took no time ran, all the same, and so did what it waited for; being ready for no time is nothing.
      const nothing = end === begin && segment.state === State.READY;
      if (segment.state === State.NONE || nothing) continue;
      yield { track, category: CATEGORY[segment.state], begin, end, ...this.tell(segment) };
    }
  }

  /** What was printed, and requests to cancel. */
  *marks(track: number): Generator<Mark> {
    const { trace, lines } = this;
    for (const row of lines.marksOf(track)) {
      const at = nanoseconds(lines.scale.begin(row));
      const args = this.argsOf(row);
      if (trace.kind.at(row) === Kind.CANCEL) yield { track, name: 'cancel()', at, args };
      else yield { track, name: `prints ${trace.text(trace.aux.at(row)).trimEnd()}`, at, args };
    }
  }

  /** Length of the ready queue, wherever it changes. */
  readyQueue(): Sample[] {
    const { trace, lines } = this;
    const changes: Sample[] = [];
    for (let row = 0; row < trace.count; row++) {
      if (!isRun(trace, row)) continue;
      changes.push({ at: nanoseconds(lines.scale.ready(row)), value: 1 });
      changes.push({ at: nanoseconds(lines.scale.begin(row)), value: -1 });
    }
    changes.sort((a, b) => a.at - b.at || b.value - a.value);
    const samples: Sample[] = [{ at: 0, value: 0 }];
    let length = 0;
    for (const { at, value } of changes) {
      length += value;
      const last = samples.at(-1) as Sample;
      if (last.at === at) last.value = length;
      else samples.push({ at, value: length });
    }
    return samples;
  }

  /** All tasks of the program's: each before those it created. The rows on screen may leave some out. */
  private tasks(): ModelTrack[] {
    const { trace, lines } = this;
    const children = new Map<number | undefined, ModelTrack[]>();
    for (const { index, parent: by, library } of trace.tasks) {
      if (library) continue;
      const id = index + 1;
      const above = lines.visible(by);
      const parent = above === LOOP_TRACK ? undefined : above;
      const track = { id, name: trackLabel(lines, id), parent };
      const list = children.get(parent);
      if (list) list.push(track);
      else children.set(parent, [track]);
    }
    const found: ModelTrack[] = [];
    const rest = (children.get(undefined) ?? []).toReversed();
    for (let track = rest.pop(); track; track = rest.pop()) {
      found.push(track);
      rest.push(...(children.get(track.id) ?? []).toReversed());
    }
    return found;
  }

  private tell(segment: Segment): Pick<Slice, 'name' | 'args' | 'sends' | 'receives'> {
    const { trace, lines } = this;
    const { track, state, event } = segment;
    const known = event < trace.count;
    const plain = { sends: NONE, receives: NONE };
    if (state === State.RUN) {
      const own = track !== LOOP_TRACK || lines.visible(trace.subject.at(event)) === LOOP_TRACK;
      return {
        name: track === LOOP_TRACK ? this.handleName(event) : `step ${this.stepNumber(track, event)}`,
        args: known ? { ...this.argsOf(event), why: cause(trace, event) } : {},
        sends: (own && this.sends.get(event)) || NONE,
        receives: (own && this.receives.get(event)) || NONE,
      };
    }
    if (track === LOOP_TRACK) return { name: 'idle', args: {}, ...plain };
    if (state === State.READY)
      return { name: lines.isDue(segment) ? 'due, the loop is busy' : 'ready', args: {}, ...plain };
    const args = known ? this.argsOf(event, true) : {};
    return { name: (known && awaited(trace, event)) || 'waits', args, ...plain };
  }

  private handleName(row: EventIndex): string {
    const { trace, lines } = this;
    const subject = row < trace.count ? trace.subject.at(row) : trace.running.subject;
    if (trace.task(subject)) return trackLabel(lines, lines.trackOf(subject));
    return (row < trace.count && trace.text(trace.aux.at(row))) || 'callback';
  }

  private stepNumber(track: number, row: EventIndex): number {
    const steps = this.lines.stepsOf(track);
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if ((steps[mid] as number) < row) low = mid + 1;
      else high = mid;
    }
    return low + 1;
  }

  private argsOf(row: EventIndex, ended = false): Args {
    const { trace } = this;
    const steps = trace.kind.at(row) === Kind.STEP;
    const line = steps ? ownSite(trace, row)?.line : trace.sites.get(trace.site.at(row))?.line;
    return {
      event: row,
      'clock (s)': ended ? trace.end.at(row) : trace.t.at(row),
      ...(line !== undefined && { line }),
      ...(trace.cpu.at(row) > 0 && !ended && { 'real work (µs)': Math.round(trace.cpu.at(row) * 1e9) / 1e3 }),
    };
  }

  /** A wake-up: the run in which a handle became ready, and the run of that handle. Its id is the latter's event. */
  private readFlow(row: EventIndex): void {
    const from = this.sourceOf(row);
    if (from < 0) return;
    const list = this.sends.get(from);
    if (list) list.push(row);
    else this.sends.set(from, [row]);
    this.receives.set(row, [row]);
  }

  /** The row of the run that made a handle ready, or armed its timer; -1: none did. An eager step wakes nobody. */
  private sourceOf(row: EventIndex): EventIndex {
    const { trace, lines } = this;
    const { runs } = lines.scale;
    if (!isRun(trace, row)) return -1;
    const armed = trace.how.at(row) === How.TIMER ? trace.timer(trace.subject.at(row))?.armed : undefined;
    const k = armed === undefined ? runs.wakerOf(row) : runs.runOf(armed);
    if (k < 0) return -1;
    const from = runs.rowOf(k);
    // A task's own yield wakes nobody else, and how asyncio closes its loop is no part of the story.
    const own = trace.subject.at(from) === trace.subject.at(row);
    return own || closes(trace, row) || closes(trace, from) ? -1 : from;
  }
}

function nanoseconds(seconds: number): number {
  return Math.round(seconds * 1e9);
}
