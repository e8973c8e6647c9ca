/**
 * What the page knows, as signals. The trace itself stays outside of them: it grows by thousands of events a second, so
 * `version` tells that it grew, at most once a frame.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Frame } from '../protocol/decode';
import type { RunInfo } from '../protocol/run-info';
import type { Aim } from '../trace/aim';
import { Instants } from '../trace/instant';
import { type EventIndex, Trace } from '../trace/trace';
import { type Tracks, tracksOf } from '../trace/tracks';
import { StepIndex } from './steps';

export type Phase = 'loading' | 'ready' | 'running' | 'finished' | 'stopped' | 'failed';
export type Clock = 'virtual' | 'real';

/** How the program failed. */
export interface Problem {
  type: string;
  message: string;
  line: number | undefined;
  column?: number | undefined;
  endColumn?: number | undefined;
}

/** One run: its trace, and the program that made it. */
export interface Run {
  trace: Trace;
  tracks: Tracks;
  instants: Instants;
  steps: StepIndex;
  code: string;
  /** Recorded by the build or opened from a file, not run here. */
  recorded: boolean;
  /** What a file of it tells beside the events. */
  info: RunInfo;
  /** Name of the file it was opened from; empty: from none. */
  file: string;
}

export interface Notice {
  text: string;
  urgent: boolean;
  /** It is a question: nothing is wrong. */
  asks?: boolean;
  /** What can be done about it. */
  action?: { label: string; run(): void };
  /** What dismissing it is called, where it is more than that. */
  dismissLabel?: string;
  /** Somebody has read it. */
  onDismiss?(): void;
}

/** A program of the visitor, as the list shows it. */
export interface ProgramEntry {
  id: string;
  name: string;
  /** Milliseconds since 1970. */
  at: number;
  lines: number;
  /** It is on this page, in another tab. */
  here: boolean;
  elsewhere: boolean;
  /** Earlier texts, the latest first. */
  earlier: { key: string; at: number; why: 'begin' | 'run' | 'edit'; lines: number }[];
}

export type Tab = 'selected' | 'state' | 'findings' | 'words';
export type Pane = 'lesson' | 'program' | 'output' | 'timeline';

export interface Store {
  readonly phase: Signal<Phase>;
  /** More words for the status. */
  readonly detail: Signal<string>;
  readonly problem: Signal<Problem | undefined>;
  readonly clock: Signal<Clock>;
  /** Of the virtual clock: seconds of it in a real one; 0: time jumps. */
  readonly pace: Signal<number>;
  /** Whether the next run records variables of suspended tasks. */
  readonly variables: Signal<boolean>;
  /** The program, a moment after it was typed. */
  readonly code: Signal<string>;
  /** Name of the example that is open, as long as nobody edits it; else empty. */
  readonly example: Signal<string>;
  /** What the program on the page is called. */
  readonly title: Signal<string>;
  readonly run: Signal<Run>;
  /** The run that Python is at work on; the page may look at another one meanwhile. */
  readonly live: Signal<Run | undefined>;
  /** What the phase tells of: the run on the page when Run was pressed, then the one it became; undefined: Python itself. */
  readonly about: Signal<Run | undefined>;
  /** Whether the run on the page is running. */
  readonly running: ReadonlySignal<boolean>;
  /** Whether a running program can be held, and whether somebody asked for it. */
  readonly canHold: Signal<boolean>;
  readonly hold: Signal<boolean>;
  /** Whether the program asks for a line of input, or did before in this run. */
  readonly input: Signal<'none' | 'asked' | 'answered'>;
  /** Whether the program waits until the visitor lets it ask a host, or refuses. */
  readonly permission: Signal<boolean>;
  readonly version: Signal<number>;
  /** The step or callback the page looks at; -1: none, it looks at the end. */
  readonly cursor: Signal<EventIndex>;
  /** Why a walk led no further; '' as soon as one does. */
  readonly nowhere: Signal<string>;
  /** It looks at what is running now, which has no event yet; `cursor` is -1. */
  readonly present: Signal<boolean>;
  /** What of a task is selected at the cursor; undefined: the run that is the cursor's own. */
  readonly aim: Signal<Aim | undefined>;
  /** The tab of the panel that is open. */
  readonly tab: Signal<Tab>;
  /** The program was edited since this run: its lines are other lines now. */
  readonly stale: ReadonlySignal<boolean>;
  /** Whether the critical path is drawn on the timeline. */
  readonly path: Signal<boolean>;
  readonly notice: Signal<Notice | undefined>;
  /** A run that was kept, to lay another one beside it; and whether the two are shown. */
  readonly kept: Signal<Run | undefined>;
  readonly comparing: Signal<boolean>;
  /** A prediction is asked for before the run is shown. */
  readonly veiled: Signal<boolean>;
  /** A newer version of the page: it stays until it is answered, whatever else is told. */
  readonly offer: Signal<Notice | undefined>;
  /** On narrow screens: the pane in view. */
  readonly pane: Signal<Pane>;
}

export function createStore(): Store {
  const run = signal(emptyRun('', false));
  const code = signal('');
  const phase = signal<Phase>('loading');
  const live = signal<Run | undefined>(undefined);
  return {
    phase,
    detail: signal(''),
    problem: signal<Problem | undefined>(undefined),
    clock: signal<Clock>('virtual'),
    pace: signal(0),
    variables: signal(false),
    code,
    example: signal(''),
    title: signal(''),
    run,
    live,
    about: signal<Run | undefined>(undefined),
    running: computed(() => phase.value === 'running' && live.value === run.value),
    canHold: signal(false),
    hold: signal(false),
    input: signal<'none' | 'asked' | 'answered'>('none'),
    permission: signal(false),
    version: signal(0),
    cursor: signal(-1),
    nowhere: signal(''),
    present: signal(false),
    aim: signal<Aim | undefined>(undefined),
    tab: signal<Tab>('selected'),
    // The trace is no signal: what is one is read first, or it would not be watched.
    stale: computed(() => code.value !== run.value.code && run.value.trace.count > 0),
    path: signal(false),
    notice: signal<Notice | undefined>(undefined),
    kept: signal<Run | undefined>(undefined),
    comparing: signal(false),
    veiled: signal(false),
    offer: signal<Notice | undefined>(undefined),
    pane: signal<Pane>('program'),
  };
}

export function emptyRun(code: string, recorded: boolean, info: Partial<RunInfo> = {}, file = ''): Run {
  const trace = new Trace();
  const tracks = tracksOf(trace);
  const known = { program: code, name: '', clock: 'virtual', pace: 0, seed: 0, requirements: [] } as const;
  return {
    trace,
    tracks,
    instants: new Instants(tracks),
    steps: new StepIndex(),
    code,
    recorded,
    info: { ...known, requirements: [], python: '', platform: '', ...info },
    file,
  };
}

/** What the page needs of a frame's events to show them: of a long trace while it comes. */
export function takeIn(run: Run, frame: Frame): void {
  run.trace.append(frame);
  run.tracks.take();
  run.steps.update(run.trace);
}

export type ExportFormat = 'perfetto' | 'json' | 'markdown' | 'svg' | 'png';

/** What a person can tell a running program. */
export interface RunControls {
  /** Hold the program before the next thing its loop runs; let it go on; let it run that one thing. */
  pause(): void;
  goOn(): void;
  runOne(): void;
  /** The line it asked for; undefined: the input has ended. */
  answer(text: string | undefined): void;
}

/** What a person can do with the programs of theirs that the browser keeps. */
export interface ProgramControls {
  programs(): Promise<ProgramEntry[]>;
  newProgram(): void;
  openProgram(id: string): void;
  /** Brings an earlier text back; the present one is kept. */
  bringBack(id: string, key: string): void;
  nameProgram(id: string, name: string): Promise<void>;
  deletePrograms(ids: readonly string[]): void;
}

/** What a person can do with the run on the page. */
export interface RunActions extends RunControls {
  run(): void;
  stop(): void;
  /** Look at an event; -1: at the end. */
  look(event: EventIndex): void;
  /** Move over steps: -1 and +1 by one, ±Infinity to the first and last. */
  step(by: number): void;
  /** Put the caret on a line of the program. */
  goToLine(line: number): void;
}

/** What a person can ask of the page. */
export interface Actions extends RunActions, ProgramControls {
  openExample(name: string): void;
  /** Puts the run on the page into a file. */
  saveTrace(): void;
  /** Puts the run on the page into a file of another tool's. */
  exportTrace(as: ExportFormat): void;
  /** Opens a run from a file; what is no such file takes nothing away. */
  openTrace(file: File): void;
  /** The address of what is on the page; throws an Error whose message is for the page. */
  link(): Promise<string>;
}
