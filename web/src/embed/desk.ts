/**
 * One Python for all playgrounds of a page. Each is a frame of its own, of one origin; whichever needs Python first keeps it,
 * the others find it there. They use it in turn: a program that is started ends another one's.
 *
 *     page
 *      ├ frame a: Run ──▶ window.loopscopeDesk ─▶ runtime ─▶ sandbox
 *      └ frame b: Run ──▶ parent[0].loopscopeDesk ──┘
 */
import type { Phase, RunOptions, Runtime, RuntimeEvents } from '../runtime/client';

declare global {
  interface Window {
    loopscopeDesk?: Desk;
  }
}

interface Seat {
  /** undefined: its playground has gone. What its program still does is told to nobody. */
  events: RuntimeEvents | undefined;
  /** Its program is the one that runs, or waits to. */
  busy: boolean;
  /** It was told that Python could not be loaded. */
  lacks: boolean;
}

const TAKEN = 'another program on this page was started';
const LEFT = 'this playground was left';

export class Desk {
  private readonly runtime: Runtime;
  private seat: Seat | undefined;
  /** A program is being ended for one of another seat: what it does until then is nobody's any more. */
  private ending = false;
  /** What is to run as soon as it has. */
  private next: RunOptions | undefined;
  /** What comes from the runtime is of a program of this seat: it has begun since somebody sat down there. */
  private begun = false;
  private readonly seats = new Set<Seat>();
  /** Python could not be loaded, and nothing has been tried since. */
  private unloaded = false;
  /** Its frame is gone: another desk has to be found. */
  closed = false;

  constructor(make: (events: RuntimeEvents) => Runtime) {
    this.runtime = make({
      phase: (phase, detail) => {
        const { seat } = this;
        const over = phase !== 'running' && phase !== 'loading';
        this.unloaded = false;
        if (this.ending) {
          if (over) this.ended();
          return;
        }
        if (over && seat) seat.busy = false;
        if (phase === 'running') this.begun = true;
        for (const { events } of this.concerned) events?.phase(phase, detail);
      },
      unloaded: () => {
        this.unloaded = true;
        for (const one of this.concerned) {
          one.lacks = true;
          one.events?.unloaded?.();
        }
      },
      batch: (buffer) => this.heard?.batch(buffer),
      // One that cleans up is given the time, unless another one is waited for.
      waits: () => this.heard?.waits?.() ?? false,
      // That there is none any more is told before the program begins.
      error: (problem) => (problem ? this.heard : this.seat?.events)?.error(problem),
      ask: () => this.heard?.ask(),
      installed: (requirements, loosened) => this.heard?.installed(requirements, loosened),
      permit: async (host, method) => (await this.heard?.permit(host, method)) ?? false,
    });
  }

  /** Whose program it is that the runtime tells of; all, as long as nobody has run one. */
  private get concerned(): Iterable<Seat> {
    return this.seat ? [this.seat] : this.seats;
  }

  private get heard(): RuntimeEvents | undefined {
    return this.begun ? this.seat?.events : undefined;
  }

  /** A playground's part of the runtime: it hears of its own programs alone. */
  sit(events: RuntimeEvents): Runtime {
    const { runtime } = this;
    const seat: Seat = { events, busy: false, lacks: false };
    this.seats.add(seat);
    const mine = (): boolean => this.seat === seat && seat.busy;
    const greet = (): void =>
      events.phase(runtime.phase === 'loading' && !this.seat?.busy ? 'loading' : 'ready', '');
    greet();
    const stop = (): void => {
      if (!mine()) return;
      this.next = undefined;
      runtime.stop();
    };
    return {
      get phase() {
        return mine() ? runtime.phase : 'ready';
      },
      run: (options) => this.take(seat, options),
      retry: () => {
        if (!seat.lacks) return;
        seat.lacks = false;
        // It may have come meanwhile, for another one.
        if (!this.unloaded) return greet();
        if (this.seat) this.seat = seat;
        this.begun = false;
        runtime.retry?.();
      },
      stop,
      get canHold() {
        return mine() && runtime.canHold;
      },
      hold: () => mine() && runtime.hold(),
      step: () => mine() && runtime.step(),
      go: () => mine() && runtime.go(),
      input: (text) => mine() && runtime.input(text),
      dispose: () => {
        if (!this.seats.delete(seat)) return;
        this.dismiss(seat, 'stopped', LEFT);
        stop();
        // Nothing of it is there any more: what comes next concerns all.
        if (this.seat === seat && runtime.phase !== 'running') this.seat = undefined;
      },
    };
  }

  /** The frame that keeps it goes away, and Python with it. */
  close(): void {
    this.closed = true;
    for (const seat of this.seats)
      this.dismiss(seat, 'failed', 'the page took Python away. Press Run to start it again');
    this.seats.clear();
    this.seat = undefined;
    this.runtime.dispose();
  }

  /** Its playground hears the last of this Python, for it may come back: nothing runs, and nothing loads. */
  private dismiss(seat: Seat, phase: Phase, why: string): void {
    const { events, busy } = seat;
    seat.events = undefined;
    if (busy) events?.phase(phase, why);
    else if (this.runtime.phase === 'loading') events?.phase('ready', '');
  }

  private take(seat: Seat, options: RunOptions): void {
    const before = this.seat;
    const running = before?.busy && before !== seat;
    if (running) {
      before.busy = false;
      before.events?.phase('stopped', TAKEN);
    }
    if (before !== seat) this.begun = false;
    this.seat = seat;
    seat.busy = true;
    seat.lacks = false;
    if (!running && !this.ending) return this.runtime.run(options);
    this.next = options;
    seat.events?.phase('loading', '');
    this.ending = true;
    this.runtime.stop();
    // One that did not run yet tells no end.
    if (this.ending && this.runtime.phase !== 'running') this.ended();
  }

  /** The program before has ended: the next one's turn, or nobody's if that was taken back. */
  private ended(): void {
    const { next, seat } = this;
    this.ending = false;
    this.next = undefined;
    // Not from within its own words.
    if (next) return queueMicrotask(() => this.runtime.run(next));
    if (seat) seat.busy = false;
    seat?.events?.phase('stopped', '');
  }
}

/** The page's desk: another playground's, or one that is kept here from now on. */
export function findDesk(make: (events: RuntimeEvents) => Runtime, here: Window = window): Desk {
  const around = here.parent;
  for (let k = 0; around !== here && k < around.length; k++) {
    try {
      const desk = around[k]?.loopscopeDesk;
      if (desk) return desk;
    } catch {
      // Somebody else's frame.
    }
  }
  const desk = new Desk(make);
  here.loopscopeDesk = desk;
  const leave = (): void => {
    delete here.loopscopeDesk;
    desk.close();
  };
  here.addEventListener('pagehide', leave, { once: true });
  return desk;
}
