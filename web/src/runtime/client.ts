/**
 * The page's side of a run. Every run gets a fresh interpreter: a worker in the sandbox runs one program and is thrown away,
 * while the next one is being prepared.
 *
 *     loading ──▶ ready ──run──▶ running ──done──▶ finished | stopped | failed
 *        ▲          ▲               │ stop: SIGINT, SIGINT again, kill
 *        └── run ───┴──── run ◀─────┴───────────────────┘   (from the prepared worker; waits in loading for it)
 */
import { TraceFormatError } from '../protocol/decode';
import { How } from '../protocol/generated';
import { fetchAhead, fetchExtra } from './assets';
import { createBroker } from './broker';
import { takeEarly } from './early';
import { type ClockName, CONTROL, HOLD, PEEK, type Report, SHARED_BYTES, SIGINT, WORD } from './messages';
import { askOutside, type Permit, type Request, refusal } from './outside';
import { checkExit, type Problem, Violation } from './sandbox/check';
import type { Words } from './sandbox/messages';
import { type Cell, createSandbox, type Loss, type Sandbox } from './sandbox/sandbox';
import { sandboxOptions, settingsOf } from './settings';
import { watchStop } from './stopping';

export type Phase = 'loading' | 'ready' | 'running' | 'finished' | 'stopped' | 'failed';

export interface RunOptions {
  code: string;
  clock: ClockName;
  seed?: number;
  /** Virtual seconds in a real one; 0 or missing: as fast as it goes. */
  pace?: number;
  /** Record the variables of suspended tasks, which takes its time. */
  variables?: boolean;
  /** Pins of packages, `name==version`: used where the program needs them. */
  requirements?: string[];
}

export type { Problem };

export interface RuntimeEvents {
  /** `detail`: more words for the status. */
  phase(phase: Phase, detail: string): void;
  /** Python could not be loaded, as the phase before said: `Runtime.retry` tries again. */
  unloaded?(): void;
  /** Frames for `decodeBatch`. */
  batch(buffer: ArrayBuffer): void;
  /** Whether the program waits, by what it told last. */
  waits?(): boolean;
  error(problem: Problem | undefined): void;
  /** The program waits for a line of input: answer with `Runtime.input`. */
  ask(): void;
  /** Packages were installed, pinned as `requirements`. `loosened`: the pins that were given couldn't be kept. */
  installed(requirements: string[], loosened: boolean): void;
  /** Whether the program may ask a host. */
  permit: Permit;
}

export interface Runtime {
  readonly phase: Phase;
  run(options: RunOptions): void;
  /** Load Python again where that failed. */
  retry?(): void;
  stop(): void;
  /** Whether a running program can be held. */
  readonly canHold: boolean;
  /** Hold the program between two handles, let it run one, let it go on. */
  hold(): void;
  step(): void;
  go(): void;
  /** The line the program asked for, without its end; undefined: end of input. */
  input(text: string | undefined): void;
  dispose(): void;
}

/** Milliseconds from which on Stop, pressed again, is no double click. */
const ANEW = 500;
/** Milliseconds between signs of life. */
const LIFE = 24;
/** Milliseconds a program may run alone, before the next interpreter is prepared beside it. */
const PREPARE = 400;
/** GiB of memory that a device has to have for two interpreters at a time; browsers that don't tell have it. */
const ROOMY = 4;
/** Milliseconds after Python got ready that a person may want all of the connection. */
const AHEAD = 2000;
/** Requests to hosts that a program may have under way. */
const VISITS = 32;
/** Characters that a program may have. */
const LONGEST = 1_000_000;
/** Bytes of trace that a run may send; the tracer's own bound (EVENTS and TABLES in tracer.py) lies below it. */
const MOST = 512 * 1024 * 1024;
/** Milliseconds the analysis of a run may take, on a slow machine too: what it finds is lost with it. */
const LINGER = 60_000;

interface Python {
  cell: Cell;
  ready: boolean;
  /** Its program has begun: no more packages. */
  begun: boolean;
  /** Files that it asked for. */
  brought: Set<string>;
}

export function createRuntime(events: RuntimeEvents, settings = settingsOf(location.search)): Runtime {
  let phase: Phase = 'loading';
  let sandbox: Sandbox | undefined;
  let current: Python | undefined;
  let next: Python | undefined;
  /** The interpreter of the run before, while it tells the run's findings. */
  let lingering: Python | undefined;
  let waiting: RunOptions | undefined;
  let lastBatch = 0;
  /** When Stop was pressed, by `performance.now()`, and how to leave off watching; undefined: it wasn't. */
  let stopping: { since: number; leave(): void } | undefined;
  let received = 0;
  let visits = 0;
  /** Ends what a run still asks for. */
  let leaving = new AbortController();
  let timers: ReturnType<typeof setTimeout>[] = [];
  let disposed = false;
  /** Python starts from the build's snapshot; not any more once that went wrong. */
  let snapshot = settings.snapshot !== false;
  const broker = createBroker();

  const enter = (to: Phase, detail = ''): void => {
    phase = to;
    events.phase(to, detail);
  };

  function spawn(): Python {
    const options = sandboxOptions({ ...settings, snapshot });
    const lost = (): void => {
      sandbox = undefined;
    };
    sandbox ??= takeEarly(options, lost) ?? createSandbox(options, lost);
    const cell = sandbox.spawn({
      report: (message) => receive(python, message),
      lost: (loss) => lose(python, loss),
    });
    const python: Python = { cell, ready: false, begun: false, brought: new Set() };
    return python;
  }

  function lose(python: Python, loss: Loss): void {
    if (disposed) return;
    if (python === lingering) lingering = undefined;
    else if (python === current) {
      if (loss.kind === 'ended') end('failed', `the program was ended: ${loss.message}`);
      else
        end(
          'failed',
          `Python crashed: ${loss.message}. What it did last may be missing here. The next run gets a fresh one`,
        );
    } else if (python === next) {
      next = undefined;
      // One that was well falls with the sandbox of another: a fresh one comes.
      if (python.ready) return prepare();
      // There may be no room for two. Nothing is taken from a program that runs: after it there is another try.
      if (current) return;
      if (snapshot && loss.kind === 'crash') {
        // An engine that can't restore it can start without.
        snapshot = false;
        sandbox?.dispose();
        sandbox = undefined;
        return prepare();
      }
      waiting = undefined;
      // What it was made from may be what is broken: fetched again, the next one may be well.
      sandbox?.dispose();
      sandbox = undefined;
      const why =
        loss.kind === 'begin'
          ? 'Python does not begin in this browser: an extension or a policy may forbid workers. Allow them for this page and try again.'
          : `Python could not be loaded: ${loss.message}. Check the connection and try again.`;
      if (phase !== 'loading') return;
      enter('failed', why);
      events.unloaded?.();
    }
  }

  function receive(python: Python, message: Report): void {
    if (disposed) return;
    if (message.type === 'ready') {
      python.ready = true;
      performance.mark('Python is ready', { detail: { restored: message.restored } });
      if (python !== next) return;
      setTimeout(ahead, AHEAD);
      if (waiting) start(waiting);
      else if (phase === 'loading' && !current) enter('ready', `Python ${message.python}`);
    } else if (message.type === 'broken') {
      python.cell.kill();
      lose(python, { kind: 'crash', message: message.message });
    } else if (python === lingering) {
      if (message.type === 'batch') take(message.frame);
      // The analysis may import what no program did before.
      else if (message.type === 'want') void bring(python, message.name);
      else if (message.type === 'analysed') dismiss();
    } else if (python === next && message.type === 'want') void bring(python, message.name);
    else if (python !== current) return;
    else if (message.type === 'batch') {
      lastBatch = performance.now();
      python.begun = true;
      take(message.frame);
    } else if (message.type === 'ask') events.ask();
    else if (message.type === 'done') finish(message.exit);
    else if (message.type === 'want') void bring(python, message.name);
    else if (message.type === 'request') void visit(python, message.id, message);
    else if (python.begun) return;
    else if (message.type === 'installing') enter('loading', message.detail);
    else if (message.type === 'fetch') void fetchFor(python, message.id, message.url);
    else if (message.type === 'installed') {
      python.begun = true;
      events.installed(message.requirements, message.loosened);
      enter('running');
    }
  }

  /** What may be wanted later comes while there is time for it. */
  function ahead(): void {
    if (disposed) return;
    fetchAhead();
    sandbox?.ahead();
  }

  function take(frame: ArrayBuffer): void {
    received += frame.byteLength;
    if (received > MOST) throw new Violation('a trace that has no end');
    try {
      events.batch(frame);
    } catch (error) {
      // The tracer sends no such thing: the program did.
      throw error instanceof TraceFormatError ? new Violation(error.message) : error;
    }
  }

  function start(options: RunOptions): void {
    if (!next?.ready) return;
    dismiss();
    current = next;
    waiting = undefined;
    events.error(undefined);
    enter('running');
    lastBatch = performance.now();
    received = 0;
    leaving = new AbortController();
    current.cell.send({
      type: 'run',
      code: options.code,
      clock: options.clock,
      seed: options.seed ?? 0,
      pace: options.pace ?? 0,
      variables: options.variables ?? false,
      requirements: options.requirements ?? [],
    });
    timers.push(setInterval(askForLife, LIFE));
    // The next interpreter gets ready when this program has ended, or while it runs long: loading costs a processor.
    next = undefined;
    if (roomy()) timers.push(setTimeout(prepare, PREPARE));
  }

  function prepare(): void {
    next ??= spawn();
  }

  /** Packages come through the page: the program itself gets nothing from there. */
  async function fetchFor(python: Python, id: number, url: string): Promise<void> {
    const answer = await broker(url);
    if (python === current) python.cell.send({ type: 'fetched', id, ...answer }, [answer.bytes]);
  }

  /** The program asks a host: for a while, and not for a flood of things. */
  async function visit(python: Python, id: number, request: Request): Promise<void> {
    const full = visits >= VISITS;
    visits++;
    const answer = full
      ? refusal(`more than ${VISITS} requests at a time`)
      : await askOutside(request, events.permit, leaving.signal);
    visits--;
    if (python === current) python.cell.send({ type: 'answered', id, ...answer }, [answer.bytes]);
  }

  /** A file of the site that only some programs need: each once. */
  async function bring(python: Python, name: string): Promise<void> {
    if (python.brought.has(name)) return;
    python.brought.add(name);
    const none = new ArrayBuffer(0);
    const answer = await fetchExtra(name).then(
      (bytes) => ({ bytes, problem: '' }),
      (error) => ({ bytes: none, problem: String(error.message) }),
    );
    if (python === lingering && answer.problem) return dismiss();
    if (python !== current && python !== lingering && python !== next) return;
    if (name !== 'library') python.cell.send({ type: 'file', name, ...answer }, [answer.bytes]);
    else if (answer.problem)
      end('failed', `the rest of Python’s library could not be loaded: ${answer.problem}`);
    else if (sandbox?.shares) {
      // The program waits in the middle of an import: it hears no message.
      const text = { at: SHARED_BYTES, bytes: new Uint8Array(answer.bytes) };
      python.cell.write({ text, writes: [], wake: WORD.LIBRARY });
    } else python.cell.send({ type: 'file', name, ...answer }, [answer.bytes]);
  }

  /** A step that runs long sends nothing of itself: ask. */
  function askForLife(): void {
    if (phase !== 'running' || stopping || performance.now() - lastBatch < LIFE) return;
    current?.cell.write({ unless: WORD.PARKED, writes: [[WORD.INTERRUPT, PEEK, 0]] });
  }

  function interrupt(): void {
    const writes: Words['writes'] = [
      [WORD.INTERRUPT, SIGINT],
      [WORD.CONTROL, CONTROL.GO],
    ];
    current?.cell.write({ writes, wake: WORD.WAKE });
    current?.cell.send({ type: 'interrupt' });
  }

  function hold(): void {
    const writes: Words['writes'] = [
      [WORD.INTERRUPT, HOLD],
      [WORD.CONTROL, CONTROL.HELD],
    ];
    current?.cell.write({ writes, wake: WORD.WAKE });
  }

  /** Say to a held program what to do, and see that it hears it. */
  function tell(control: number): void {
    current?.cell.write({ writes: [[WORD.CONTROL, control]], wake: WORD.WAKE });
  }

  function input(text: string | undefined): void {
    const line = text === undefined ? '' : `${text}\n`;
    if (!sandbox?.shares) return current?.cell.send({ type: 'line', text: line });
    const bytes = new TextEncoder().encode(line).subarray(0, WORD.TEXT_BYTES);
    const writes: Words['writes'] = [[WORD.LINE, bytes.length]];
    current?.cell.write({ text: { at: WORD.TEXT, bytes }, writes, wake: WORD.WAKE });
  }

  function finish(exit: string): void {
    const { how, code, problem } = checkExit(exit);
    if (how === How.FINISHED) end('finished', code ? `exit code ${code}` : '', true);
    else if (how === How.STOPPED)
      end('stopped', problem?.type === 'KeyboardInterrupt' ? '' : (problem?.message ?? ''), true);
    else {
      events.error(problem);
      end('failed', problem ? problem.type + (problem.line ? ` at line ${problem.line}` : '') : '', true);
    }
  }

  function linger(): void {
    dismiss();
    lingering = current;
    setTimeout((python: Python | undefined) => python === lingering && dismiss(), LINGER, current);
  }

  function dismiss(): void {
    lingering?.cell.kill();
    lingering = undefined;
  }

  function end(to: Phase, detail: string, complete = false): void {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    stopping?.leave();
    stopping = undefined;
    leaving.abort();
    // A program that came to its end by itself is looked at once more, for findings.
    if (complete) linger();
    else current?.cell.kill();
    current = undefined;
    enter(to, detail);
    prepare();
  }

  enter('loading');
  next = spawn();
  return {
    get phase() {
      return phase;
    },
    run(options) {
      if (current) return;
      if (options.code.length > LONGEST) {
        const size = (options.code.length / 1e6).toFixed(1);
        return enter('failed', `the program has ${size} million characters, and may have one million`);
      }
      waiting = options;
      next ??= spawn();
      if (next.ready) start(options);
      else enter('loading');
    },
    retry() {
      if (phase !== 'failed' || current || next) return;
      enter('loading');
      prepare();
    },
    stop() {
      if (waiting && phase === 'loading') {
        waiting = undefined;
        enter(next?.ready ? 'ready' : 'loading');
      } else if (current && phase === 'loading') end('stopped', '');
      if (phase !== 'running') return;
      if (stopping) {
        if (performance.now() - stopping.since > ANEW)
          end('stopped', 'it was ended before it had cleaned up');
        return;
      }
      // Nobody asks it for signs of life any more: what comes now it does by itself.
      stopping = {
        since: performance.now(),
        leave: watchStop({
          heard: () => lastBatch,
          waits: () => events.waits?.() ?? false,
          interrupt,
          turn: (then) => sandbox?.turn(then),
          lingers: () => enter('running', 'it cleans up: Stop, pressed again, ends it at once'),
          end: () => end('stopped', 'it did not react and was ended'),
        }),
      };
    },
    get canHold() {
      return phase === 'running' && sandbox?.shares === true;
    },
    hold,
    step: () => tell(CONTROL.STEP),
    go: () => tell(CONTROL.GO),
    input,
    dispose() {
      disposed = true;
      stopping?.leave();
      for (const timer of timers) clearTimeout(timer);
      sandbox?.dispose();
    },
  };
}

/** Whether the device has room for a second interpreter, some 200 MB, while a program runs. */
function roomy(): boolean {
  const { deviceMemory } = navigator as { deviceMemory?: number };
  return deviceMemory === undefined || deviceMemory >= ROOMY;
}
