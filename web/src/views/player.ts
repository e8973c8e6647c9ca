/** Puts runs on the page: takes in what they record, and tells the parts about it once a frame, or less often. */
import { batch } from '@preact/signals';
import { decodeFrames } from '../protocol/decode';
import { decodeBatch } from '../protocol/tame';
import type { Aim } from '../trace/aim';
import type { Trace } from '../trace/trace';
import { createReader } from './ahead';
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
  /** Another part of the page shows what is on it from now on. */
  add(view: TraceView): void;
  /** Another run takes the place of the one on the page. */
  show(run: Run): void;
  /** Something of a run has changed. */
  refresh(run: Run): void;
  /** A run has ended: all of it is shown before its end is told. */
  settle(run: Run): void;
  /** Frames of a run, on the page or not. */
  append(run: Run, buffer: ArrayBuffer): void;
  /** Frames that lie at an address of the site: a recording that was made with it. */
  load(run: Run, url: string): Promise<void>;
  /** Look at an event, and what of a task is meant, as soon as the run on the page, or the next of its program, has it. */
  lookAt(event: number | undefined, aim?: Aim): void;
}

export function createPlayer(store: Store, ...views: TraceView[]): Player {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let refreshedAt = 0;
  const readAhead = createReader(() => store.run.value);
  let moment: { event: number; aim: Aim | undefined; code: string } | undefined;

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
    readAhead();
    if (moment && moment.event < trace.count) {
      const { event, aim } = moment;
      moment = undefined;
      batch(() => {
        store.cursor.value = event;
        store.aim.value = aim;
      });
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
    add(view) {
      views.push(view);
      view.setTrace(store.run.value.trace);
      view.update();
    },
    show(run) {
      // It was a moment of one program.
      if (run.code !== moment?.code) moment = undefined;
      store.cursor.value = -1;
      store.aim.value = undefined;
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
      if (!answer?.ok) return;
      // No stranger's program made them: there is nothing to tame.
      for (const part of decodeFrames(await answer.arrayBuffer())) run.trace.append(part);
      player.refresh(run);
    },
    lookAt(event, aim) {
      moment = event === undefined ? undefined : { event, aim, code: store.code.value };
    },
  };
  return player;
}
