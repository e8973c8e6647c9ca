/**
 * What the page knows, as signals. The trace itself stays outside of them: it grows by thousands of events a second, so
 * `version` tells that it grew, at most once a frame.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { Instants } from '../trace/instant';
import { type EventIndex, Trace } from '../trace/trace';
import { Tracks } from '../trace/tracks';
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
  /** Recorded by the build, not run here. */
  recorded: boolean;
}

export interface Notice {
  text: string;
  urgent: boolean;
}

export type Pane = 'program' | 'output' | 'timeline';

export interface Store {
  readonly phase: Signal<Phase>;
  /** More words for the status. */
  readonly detail: Signal<string>;
  readonly problem: Signal<Problem | undefined>;
  readonly clock: Signal<Clock>;
  /** The program, a moment after it was typed. */
  readonly code: Signal<string>;
  /** Name of the example that is open, as long as nobody edits it; else empty. */
  readonly example: Signal<string>;
  readonly run: Signal<Run>;
  readonly version: Signal<number>;
  /** The step or callback the page looks at; -1: none, it looks at the end. */
  readonly cursor: Signal<EventIndex>;
  /** The program was edited since this run: its lines are other lines now. */
  readonly stale: ReadonlySignal<boolean>;
  readonly notice: Signal<Notice | undefined>;
  /** On narrow screens: the pane in view. */
  readonly pane: Signal<Pane>;
}

export function createStore(): Store {
  const run = signal(emptyRun('', false));
  const code = signal('');
  return {
    phase: signal<Phase>('loading'),
    detail: signal(''),
    problem: signal<Problem | undefined>(undefined),
    clock: signal<Clock>('virtual'),
    code,
    example: signal(''),
    run,
    version: signal(0),
    cursor: signal(-1),
    // The trace is no signal: what is one is read first, or it would not be watched.
    stale: computed(() => code.value !== run.value.code && run.value.trace.count > 0),
    notice: signal<Notice | undefined>(undefined),
    pane: signal<Pane>('program'),
  };
}

export function emptyRun(code: string, recorded: boolean): Run {
  const trace = new Trace();
  const tracks = new Tracks(trace);
  return { trace, tracks, instants: new Instants(tracks), steps: new StepIndex(), code, recorded };
}

/** What a person can ask of the page. */
export interface Actions {
  run(): void;
  stop(): void;
  openExample(name: string): void;
  /** The address of what is on the page; throws an Error whose message is for the page. */
  link(): Promise<string>;
  /** Look at an event; -1: at the end. */
  look(event: EventIndex): void;
  /** Move over steps: -1 and +1 by one, ±Infinity to the first and last. */
  step(by: number): void;
  /** Put the caret on a line of the program. */
  goToLine(line: number): void;
}
