/**
 * The page's side of a run. Every run gets a fresh interpreter: a worker runs one program and is thrown away, while the
 * next one is being prepared.
 *
 *     loading ──▶ ready ──run──▶ running ──done──▶ finished | stopped | failed
 *        ▲          ▲               │ stop: SIGINT, SIGINT again, terminate
 *        └── run ───┴──── run ◀─────┴───────────────────┘   (from the prepared worker; waits in loading for it)
 */
import { indexURL, loopscope, micropip, stdlib } from 'virtual:loopscope-runtime';
import { How } from '../protocol/generated';
import { createBroker } from './broker';
import {
  type ClockName,
  CONTROL,
  type Command,
  HOLD,
  PEEK,
  type Report,
  SHARED_BYTES,
  SIGINT,
  WORD,
} from './messages';
import { settingsOf } from './settings';

export type Phase = 'loading' | 'ready' | 'running' | 'finished' | 'stopped' | 'failed';

export interface RunOptions {
  code: string;
  clock: ClockName;
  seed?: number;
  /** Virtual seconds in a real one; 0 or missing: as fast as it goes. */
  pace?: number;
  /** Pins of packages, `name==version`: used where the program needs them. */
  requirements?: string[];
}

/** How a program failed: see `Problem` in program.py. */
export interface Problem {
  type: string;
  message: string;
  /** Traceback, the program's own lines only. */
  text: string;
  line: number | undefined;
  column?: number;
  endColumn?: number;
}

export interface RuntimeEvents {
  /** `detail`: more words for the status. */
  phase(phase: Phase, detail: string): void;
  /** Frames for `decodeFrames`. */
  batch(buffer: ArrayBuffer): void;
  error(problem: Problem | undefined): void;
  /** The program waits for a line of input: answer with `Runtime.input`. */
  ask(): void;
  /** Packages were installed, pinned as `requirements`. `loosened`: the pins that were given couldn't be kept. */
  installed(requirements: string[], loosened: boolean): void;
}

export interface Runtime {
  readonly phase: Phase;
  run(options: RunOptions): void;
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

/** Milliseconds between the steps of stopping, and between signs of life. */
const SECOND_INTERRUPT = 120;
const KILL = 280;
const LIFE = 24;
/** Milliseconds a program may run alone, before the next interpreter is prepared beside it. */
const PREPARE = 1000;
/** Milliseconds the analysis of a run may take. */
const LINGER = 20_000;

interface Python {
  worker: Worker;
  words: Int32Array | undefined;
  ready: boolean;
  /** Its program has begun: no more packages. */
  begun: boolean;
  broken: string;
}

export function createRuntime(events: RuntimeEvents, settings = settingsOf(location.search)): Runtime {
  let phase: Phase = 'loading';
  let current: Python | undefined;
  let next: Python | undefined;
  /** The interpreter of the run before, while it tells the run's findings. */
  let lingering: Python | undefined;
  let waiting: RunOptions | undefined;
  let lastBatch = 0;
  let timers: ReturnType<typeof setTimeout>[] = [];
  let disposed = false;
  const broker = createBroker();
  const module = compiled();

  const enter = (to: Phase, detail = ''): void => {
    phase = to;
    events.phase(to, detail);
  };

  function spawn(): Python {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'Python' });
    const canShare = settings.shared !== false && globalThis.crossOriginIsolated;
    const shared = canShare ? new SharedArrayBuffer(SHARED_BYTES) : undefined;
    const python: Python = {
      worker,
      words: shared && new Int32Array(shared),
      ready: false,
      begun: false,
      broken: '',
    };
    worker.onmessage = ({ data }: MessageEvent<Report>) => receive(python, data);
    worker.onerror = (event) => {
      event.preventDefault();
      receive(python, { type: 'broken', message: event.message || 'the worker could not be started' });
    };
    void module.then((core) => {
      if (python.broken) return;
      send(python, {
        type: 'init',
        indexURL,
        stdlib,
        loopscope,
        micropip,
        shared,
        module: core,
        jspi: settings.jspi !== false,
      });
    });
    return python;
  }

  function receive(python: Python, message: Report): void {
    if (disposed) return;
    if (message.type === 'ready') {
      python.ready = true;
      if (python !== next) return;
      if (waiting) start(waiting);
      else if (phase === 'loading') enter('ready', `Python ${message.python}`);
    } else if (message.type === 'broken') {
      python.broken = message.message;
      python.worker.terminate();
      if (python === current) end('failed', `Python itself broke down: ${message.message}`);
      else if (python === next) {
        next = undefined;
        waiting = undefined;
        const why = `Python could not be loaded: ${message.message}. Check the connection and press Run to try again.`;
        if (phase === 'loading') enter('failed', why);
      }
    } else if (python === lingering) {
      if (message.type === 'batch') events.batch(message.frame);
      else if (message.type === 'analysed') dismiss();
    } else if (python !== current) return;
    else if (message.type === 'batch') {
      lastBatch = performance.now();
      python.begun = true;
      events.batch(message.frame);
    } else if (message.type === 'ask') events.ask();
    else if (message.type === 'done') finish(message.exit);
    else if (python.begun) return;
    else if (message.type === 'installing') enter('loading', message.detail);
    else if (message.type === 'fetch') void fetchFor(python, message.id, message.url);
    else if (message.type === 'installed') {
      python.begun = true;
      events.installed(message.requirements, message.loosened);
      enter('running');
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
    send(current, {
      type: 'run',
      code: options.code,
      clock: options.clock,
      seed: options.seed ?? 0,
      pace: options.pace ?? 0,
      requirements: options.requirements ?? [],
    });
    timers.push(setInterval(askForLife, LIFE));
    // The next interpreter gets ready when this program has ended, or while it runs long: loading costs a processor.
    next = undefined;
    timers.push(setTimeout(prepare, PREPARE));
  }

  function prepare(): void {
    next ??= spawn();
  }

  /** Packages come through the page: the program itself gets nothing from there. */
  async function fetchFor(python: Python, id: number, url: string): Promise<void> {
    const answer = await broker(url);
    if (python === current) send(python, { type: 'fetched', id, ...answer }, [answer.bytes]);
  }

  /** A step that runs long sends nothing of itself: ask. */
  function askForLife(): void {
    const words = current?.words;
    if (
      !words ||
      phase !== 'running' ||
      Atomics.load(words, WORD.PARKED) ||
      performance.now() - lastBatch < LIFE
    )
      return;
    Atomics.compareExchange(words, WORD.INTERRUPT, 0, PEEK);
  }

  function interrupt(): void {
    if (!current) return;
    const { words } = current;
    if (words) {
      Atomics.store(words, WORD.INTERRUPT, SIGINT);
      tell(words, CONTROL.GO);
    }
    send(current, { type: 'interrupt' });
  }

  function hold(): void {
    const words = current?.words;
    if (!words) return;
    Atomics.store(words, WORD.INTERRUPT, HOLD);
    tell(words, CONTROL.HELD);
  }

  function input(text: string | undefined): void {
    if (!current) return;
    const line = text === undefined ? '' : `${text}\n`;
    const { words } = current;
    if (!words) return send(current, { type: 'line', text: line });
    const bytes = new TextEncoder().encode(line).subarray(0, WORD.TEXT_BYTES);
    new Uint8Array(words.buffer, WORD.TEXT).set(bytes);
    Atomics.store(words, WORD.LINE, bytes.length);
    wake(words);
  }

  function finish(exit: string): void {
    const { how, code, problem } = JSON.parse(exit) as { how: number; code: number; problem: Problem | null };
    if (how === How.FINISHED) end('finished', code ? `exit code ${code}` : '', true);
    else if (how === How.STOPPED)
      end('stopped', problem?.type === 'KeyboardInterrupt' ? '' : (problem?.message ?? ''), true);
    else {
      events.error(problem ?? undefined);
      end('failed', problem ? problem.type + (problem.line ? ` at line ${problem.line}` : '') : '', true);
    }
  }

  function linger(): void {
    dismiss();
    lingering = current;
    setTimeout((python: Python | undefined) => python === lingering && dismiss(), LINGER, current);
  }

  function dismiss(): void {
    lingering?.worker.terminate();
    lingering = undefined;
  }

  function end(to: Phase, detail: string, complete = false): void {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    // A program that came to its end by itself is looked at once more, for findings.
    if (complete) linger();
    else current?.worker.terminate();
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
      waiting = options;
      next ??= spawn();
      if (next.ready) start(options);
      else enter('loading');
    },
    stop() {
      if (waiting && phase === 'loading') {
        waiting = undefined;
        enter(next?.ready ? 'ready' : 'loading');
      } else if (current && phase === 'loading') end('stopped', '');
      if (phase !== 'running') return;
      interrupt();
      timers.push(setTimeout(interrupt, SECOND_INTERRUPT));
      timers.push(setTimeout(() => end('stopped', 'it did not react and was ended'), KILL));
    },
    get canHold() {
      return phase === 'running' && !!current?.words;
    },
    hold,
    step: () => current?.words && tell(current.words, CONTROL.STEP),
    go: () => current?.words && tell(current.words, CONTROL.GO),
    input,
    dispose() {
      disposed = true;
      for (const timer of timers) clearTimeout(timer);
      current?.worker.terminate();
      dismiss();
      next?.worker.terminate();
    },
  };
}

/** Say to a held program what to do, and see that it hears it. */
function tell(words: Int32Array, control: number): void {
  Atomics.store(words, WORD.CONTROL, control);
  wake(words);
}

function wake(words: Int32Array): void {
  Atomics.add(words, WORD.WAKE, 1);
  Atomics.notify(words, WORD.WAKE);
}

function send(python: Python, command: Command, transfer: Transferable[] = []): void {
  python.worker.postMessage(command, transfer);
}

/** Compile Pyodide's core once for all workers. undefined where that fails: the worker then tries, and tells why. */
async function compiled(): Promise<WebAssembly.Module | undefined> {
  try {
    return await WebAssembly.compileStreaming(fetch(`${indexURL}pyodide.asm.wasm`));
  } catch {
    return undefined;
  }
}
