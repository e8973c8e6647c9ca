/**
 * The page's side of a run. Every run gets a fresh interpreter: a worker runs one program and is thrown away, while the
 * next one is being prepared.
 *
 *     loading ──▶ ready ──run──▶ running ──done──▶ finished | stopped | failed
 *        ▲          ▲               │ stop: SIGINT, SIGINT again, terminate
 *        └── run ───┴──── run ◀─────┴───────────────────┘   (from the prepared worker; waits in loading for it)
 */
import { indexURL, loopscope, stdlib } from 'virtual:loopscope-runtime';
import { How } from '../protocol/generated';
import { type ClockName, type Command, PEEK, type Report, SIGINT, WORD } from './messages';

export type Phase = 'loading' | 'ready' | 'running' | 'finished' | 'stopped' | 'failed';

export interface RunOptions {
  code: string;
  clock: ClockName;
  seed?: number;
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
}

export interface Runtime {
  readonly phase: Phase;
  run(options: RunOptions): void;
  stop(): void;
  dispose(): void;
}

/** Milliseconds between the steps of stopping, and between signs of life. */
const SECOND_INTERRUPT = 120;
const KILL = 280;
const LIFE = 50;

interface Python {
  worker: Worker;
  words: Int32Array | undefined;
  ready: boolean;
  broken: string;
}

export interface RuntimeSettings {
  /** False: park without JSPI. */
  jspi?: boolean;
  /** False: no memory shared with the worker. */
  shared?: boolean;
}

export function createRuntime(events: RuntimeEvents, settings: RuntimeSettings = {}): Runtime {
  let phase: Phase = 'loading';
  let current: Python | undefined;
  let next: Python | undefined;
  let waiting: RunOptions | undefined;
  let lastBatch = 0;
  let timers: ReturnType<typeof setTimeout>[] = [];
  let disposed = false;
  const module = compiled();

  const enter = (to: Phase, detail = ''): void => {
    phase = to;
    events.phase(to, detail);
  };

  function spawn(): Python {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'Python' });
    const canShare = settings.shared !== false && globalThis.crossOriginIsolated;
    const shared = canShare ? new SharedArrayBuffer(WORD.BYTES) : undefined;
    const python: Python = { worker, words: shared && new Int32Array(shared), ready: false, broken: '' };
    worker.onmessage = ({ data }: MessageEvent<Report>) => receive(python, data);
    worker.onerror = (event) => {
      event.preventDefault();
      receive(python, { type: 'broken', message: event.message || 'the worker could not be started' });
    };
    void module.then((core) => {
      if (python.broken) return;
      send(python, { type: 'init', indexURL, stdlib, loopscope, shared, module: core, jspi: settings.jspi !== false });
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
    } else if (python !== current) return;
    else if (message.type === 'batch') {
      lastBatch = performance.now();
      events.batch(message.frame);
    } else finish(message.exit);
  }

  function start(options: RunOptions): void {
    if (!next?.ready) return;
    current = next;
    waiting = undefined;
    events.error(undefined);
    enter('running');
    lastBatch = performance.now();
    send(current, { type: 'run', code: options.code, clock: options.clock, seed: options.seed ?? 0 });
    timers.push(setInterval(askForLife, LIFE));
    // The next interpreter gets ready while this program runs.
    next = spawn();
  }

  /** A step that runs long sends nothing of itself: ask. */
  function askForLife(): void {
    const words = current?.words;
    if (!words || Atomics.load(words, WORD.PARKED) || performance.now() - lastBatch < LIFE) return;
    Atomics.compareExchange(words, WORD.INTERRUPT, 0, PEEK);
  }

  function interrupt(): void {
    if (!current) return;
    const { words } = current;
    if (words) {
      Atomics.store(words, WORD.INTERRUPT, SIGINT);
      Atomics.add(words, WORD.WAKE, 1);
      Atomics.notify(words, WORD.WAKE);
    }
    send(current, { type: 'interrupt' });
  }

  function finish(exit: string): void {
    const { how, code, problem } = JSON.parse(exit) as { how: number; code: number; problem: Problem | null };
    if (how === How.FINISHED) end('finished', code ? `exit code ${code}` : '');
    else if (how === How.STOPPED) end('stopped', problem?.type === 'KeyboardInterrupt' ? '' : (problem?.message ?? ''));
    else {
      events.error(problem ?? undefined);
      end('failed', problem ? problem.type + (problem.line ? ` at line ${problem.line}` : '') : '');
    }
  }

  function end(to: Phase, detail: string): void {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    current?.worker.terminate();
    current = undefined;
    enter(to, detail);
  }

  enter('loading');
  next = spawn();
  return {
    get phase() {
      return phase;
    },
    run(options) {
      if (phase === 'running') return;
      waiting = options;
      next ??= spawn();
      if (next.ready) start(options);
      else enter('loading');
    },
    stop() {
      if (waiting && phase === 'loading') {
        waiting = undefined;
        enter(next?.ready ? 'ready' : 'loading');
      }
      if (phase !== 'running') return;
      interrupt();
      timers.push(setTimeout(interrupt, SECOND_INTERRUPT));
      timers.push(setTimeout(() => end('stopped', 'it did not react and was ended'), KILL));
    },
    dispose() {
      disposed = true;
      for (const timer of timers) clearTimeout(timer);
      current?.worker.terminate();
      next?.worker.terminate();
    },
  };
}

function send(python: Python, command: Command): void {
  python.worker.postMessage(command);
}

/** Compile Pyodide's core once for all workers. undefined where that fails: the worker then tries, and tells why. */
async function compiled(): Promise<WebAssembly.Module | undefined> {
  try {
    return await WebAssembly.compileStreaming(fetch(`${indexURL}pyodide.asm.wasm`));
  } catch {
    return undefined;
  }
}
