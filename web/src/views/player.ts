/** Puts runs on the page: takes in what they record, and tells the parts about it once a frame, or less often. */
import { decodeBatch } from '../protocol/tame';
import type { Trace } from '../trace/trace';
import type { Run, Store } from './store';

/** A part of the page that shows a trace. */
export interface TraceView {
  setTrace(trace: Trace): void;
  /** The trace has grown. */
  update(): void;
  /** Milliseconds to let pass before the next update: what drawing costs this view. */
  readonly rest?: number;
}

export interface Player {
  /** Another run takes the place of the one on the page. */
  show(run: Run): void;
  /** Something of a run has changed. */
  refresh(run: Run): void;
  /** A run has ended: all of it is shown before its end is told. */
  settle(run: Run): void;
  /** Frames of a run, on the page or not. */
  append(run: Run, buffer: ArrayBuffer): void;
  /** Frames that lie at an address. */
  load(run: Run, url: string): Promise<void>;
  /** Look at an event as soon as the run on the page has it. */
  lookAt(event: number | undefined): void;
}

export function createPlayer(store: Store, views: readonly TraceView[]): Player {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let refreshedAt = 0;
  let moment: number | undefined;

  const refresh = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    timer = undefined;
    refreshedAt = performance.now();
    const { trace, steps } = store.run.value;
    steps.update(trace);
    for (const view of views) view.update();
    store.version.value++;
    if (moment !== undefined && moment < trace.count) {
      store.cursor.value = moment;
      moment = undefined;
    }
  };

  /** All parts at one time, so that they agree. */
  const refreshSoon = (): void => {
    if (frame || timer !== undefined) return;
    const rest = Math.max(...views.map((view) => view.rest ?? 0));
    const wait = refreshedAt + rest - performance.now();
    const inFrame = (): void => {
      timer = undefined;
      frame = requestAnimationFrame(refresh);
    };
    if (wait > 0) timer = setTimeout(inFrame, wait);
    else inFrame();
  };

  const player: Player = {
    show(run) {
      store.cursor.value = -1;
      store.present.value = false;
      store.run.value = run;
      for (const view of views) view.setTrace(run.trace);
      refresh();
    },
    refresh(run) {
      if (run === store.run.value) refreshSoon();
    },
    settle(run) {
      if (run === store.run.value) refresh();
    },
    append(run, buffer) {
      for (const part of decodeBatch(buffer)) run.trace.append(part);
      player.refresh(run);
    },
    async load(run, url) {
      const answer = await fetch(url).catch(() => undefined);
      if (answer?.ok) player.append(run, await answer.arrayBuffer());
    },
    lookAt(event) {
      moment = event;
    },
  };
  return player;
}
