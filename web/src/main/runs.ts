/** The runs of this page: what the runtime is at work on, and what a person tells it. */
import {
  createRuntime,
  type Phase,
  type RunOptions,
  type Runtime,
  type RuntimeEvents,
} from '../runtime/client';
import type { Player } from '../views/player';
import { createPulse, type Pulse } from '../views/pulse';
import { emptyRun, type Notice, type Run, type RunControls, type Store } from '../views/store';
import { lacking, lackingWords } from './able';
import type { Permissions } from './permissions';

export interface Runs extends RunControls {
  start(options: RunOptions): void;
  stop(): void;
  /** Ends Python: the page is about to go. */
  leave(): void;
}

/** Where somebody else's page could lay its own under the visitor's hand, nobody is asked. */
const NONE: Permissions = { permit: async () => false, settle() {}, forget() {} };

/** `onInstalled`: packages were pinned for the program `code`. `make`: gets a runtime. */
export function createRuns(
  store: Store,
  player: Player,
  onInstalled: (code: string, requirements: string[], loosened: boolean) => void,
  make: (events: RuntimeEvents) => Runtime = createRuntime,
  permissions: Permissions = NONE,
): Runs {
  /** What the next run will run: the editor may change while Python loads. */
  let asked: RunOptions = { code: '', clock: 'virtual' };
  let pulse: Pulse | undefined;
  /** Python's version; it is told when it is loaded. */
  let python = '';
  /** The run whose batches come: its findings are told after its end. */
  let latest: Run | undefined;
  /** That Python could not be loaded, and what to do. */
  let unloaded: Notice | undefined;
  // It tells its first phase before it is there.
  let runtime: Runtime | undefined;

  function begin(): void {
    const { code, clock, pace = 0, seed = 0, requirements = [] } = asked;
    const live = emptyRun(code, false, { clock, pace, seed, requirements, python, platform: 'emscripten' });
    latest = live;
    store.about.value = live;
    store.live.value = live;
    pulse = createPulse(live.trace, asked, () => player.refresh(live));
    player.show(live);
  }

  function end(): void {
    permissions.settle();
    pulse?.stop();
    // It was ended by force: nothing of it goes on.
    if (latest && !latest.trace.exit) latest.trace.abort();
    if (latest && store.live.value === latest) {
      player.settle(latest);
      // Without a task the timeline stays empty: what it printed, or why it failed, is on another tab of a phone.
      if (latest.trace.tasks.length === 0 && store.pane.value === 'timeline') store.pane.value = 'output';
    }
    store.live.value = undefined;
    store.hold.value = false;
    store.input.value = 'none';
  }

  function enter(phase: Phase, detail: string): void {
    python = /^Python (\S+)/.exec(detail)?.[1] ?? python;
    // A run that waits for its packages is loading once more.
    if (phase === 'running' && !store.live.value) begin();
    else if (phase !== 'running' && phase !== 'loading') end();
    store.phase.value = phase;
    store.detail.value = detail;
    store.canHold.value = runtime?.canHold ?? false;
    if (phase !== 'failed' && unloaded && store.notice.value === unloaded) store.notice.value = undefined;
  }

  function tellUnloaded(): void {
    unloaded = {
      text: store.detail.value,
      urgent: true,
      action: { label: 'Retry', run: () => runtime?.retry?.() },
    };
    store.notice.value = unloaded;
    store.about.value = undefined;
  }

  const missing = lacking();
  if (missing.length) return createNoRuns(store, missing);

  runtime = make({
    phase: enter,
    unloaded: tellUnloaded,
    batch(buffer) {
      pulse?.heard();
      if (latest) player.append(latest, buffer);
    },
    waits: () => latest?.trace.life === 'waits',
    error(problem) {
      store.problem.value = problem;
      if (latest && problem) latest.info.end = { how: 'failed', code: 1, problem };
    },
    ask() {
      store.input.value = 'asked';
      // On a phone the field is on another tab.
      store.pane.value = 'output';
    },
    permit: permissions.permit,
    installed: (requirements, loosened) => onInstalled(asked.code, requirements, loosened),
  });

  addEventListener('online', () => runtime?.retry?.());

  return {
    start(options) {
      asked = options;
      store.about.value = store.run.value;
      runtime.run(options);
    },
    stop: () => runtime.stop(),
    leave: () => runtime.dispose(),
    pause() {
      store.hold.value = true;
      runtime.hold();
    },
    goOn() {
      store.hold.value = false;
      runtime.go();
    },
    runOne: () => runtime.step(),
    answer(text) {
      store.input.value = 'answered';
      runtime.input(text);
    },
  };
}

/** Where programs can't run: the page says so, and shows what it has. */
function createNoRuns(store: Store, missing: readonly string[]): Runs {
  const nothing = (): void => {};
  const start = (): void => {
    store.offer.value = { text: lackingWords(missing), urgent: true };
  };
  store.phase.value = 'failed';
  store.detail.value = `no ${missing[0]} in this browser`;
  start();
  return {
    start,
    stop: nothing,
    leave: nothing,
    pause: nothing,
    goOn: nothing,
    runOne: nothing,
    answer: nothing,
  };
}
