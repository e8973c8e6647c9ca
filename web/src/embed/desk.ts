/**
 * One Python for all playgrounds of a page. Each is a frame of its own, of one origin; whichever needs Python first keeps it,
 * the others find it there. They use it in turn: a program that is started ends another one's.
 *
 *     page
 *      ├ frame a: Run ──▶ window.loopscopeDesk ─▶ runtime ─▶ sandbox
 *      └ frame b: Run ──▶ parent[0].loopscopeDesk ──┘
 */
import type { RunOptions, Runtime, RuntimeEvents } from '../runtime/client';

declare global {
  interface Window {
    loopscopeDesk?: Desk;
  }
}

interface Seat {
  events: RuntimeEvents;
  /** Its program is the one that runs, or waits to. */
  busy: boolean;
}

const TAKEN = 'another program on this page was started';

export class Desk {
  private readonly runtime: Runtime;
  private seat: Seat | undefined;
  /** What is to run as soon as the program before it has ended. */
  private next: RunOptions | undefined;
  /** What comes from the runtime is of a program of this seat: it has begun since somebody sat down there. */
  private begun = false;
  private readonly seats = new Set<Seat>();
  /** Its frame is gone: another desk has to be found. */
  closed = false;

  constructor(make: (events: RuntimeEvents) => Runtime) {
    // Its first phase comes before it is there.
    let made: Runtime | undefined;
    this.runtime = made = make({
      phase: (phase, detail) => {
        const seat = this.seat;
        const over = phase !== 'running' && phase !== 'loading';
        if (this.next && made && over && phase !== 'ready') {
          const options = this.next;
          this.next = undefined;
          // Not from within its own words.
          queueMicrotask(() => this.runtime.run(options));
          return;
        }
        if (over && seat && phase !== 'ready') seat.busy = false;
        // While a program is to be ended, what it does is nobody's any more.
        if (phase === 'running' && !this.next) this.begun = true;
        if (seat) seat.events.phase(phase, detail);
        else for (const each of this.seats) each.events.phase(phase, detail);
      },
      batch: (buffer) => this.heard?.batch(buffer),
      // That there is none any more is told before the program begins.
      error: (problem) => (problem ? this.heard : this.seat?.events)?.error(problem),
      ask: () => this.heard?.ask(),
      installed: (requirements, loosened) => this.heard?.installed(requirements, loosened),
      permit: async (host, method) => (await this.heard?.permit(host, method)) ?? false,
    });
  }

  private get heard(): RuntimeEvents | undefined {
    return this.begun ? this.seat?.events : undefined;
  }

  /** A playground's part of the runtime: it hears of its own programs alone. */
  sit(events: RuntimeEvents): Runtime {
    const { runtime } = this;
    const seat: Seat = { events, busy: false };
    this.seats.add(seat);
    const mine = (): boolean => this.seat === seat && seat.busy;
    events.phase(runtime.phase === 'loading' && !this.seat?.busy ? 'loading' : 'ready', '');
    return {
      get phase() {
        return mine() ? runtime.phase : 'ready';
      },
      run: (options) => this.take(seat, options),
      stop: () => {
        if (!mine()) return;
        this.next = undefined;
        runtime.stop();
      },
      get canHold() {
        return mine() && runtime.canHold;
      },
      hold: () => mine() && runtime.hold(),
      step: () => mine() && runtime.step(),
      go: () => mine() && runtime.go(),
      input: (text) => mine() && runtime.input(text),
      dispose: () => {
        if (mine()) runtime.stop();
        this.seats.delete(seat);
      },
    };
  }

  /** The frame that keeps it goes away, and Python with it. */
  close(): void {
    this.closed = true;
    for (const { events, busy } of this.seats) {
      if (busy) events.phase('failed', 'the page took Python away. Press Run to start it again');
    }
    this.runtime.dispose();
  }

  private take(seat: Seat, options: RunOptions): void {
    const before = this.seat;
    const running = before?.busy && before !== seat;
    if (running) {
      before.busy = false;
      before.events.phase('stopped', TAKEN);
    }
    if (before !== seat) this.begun = false;
    this.seat = seat;
    seat.busy = true;
    if (!running) return this.runtime.run(options);
    this.next = options;
    seat.events.phase('loading', '');
    this.runtime.stop();
    // One that did not run yet tells no end.
    if (!this.next || this.runtime.phase === 'running') return;
    this.next = undefined;
    this.runtime.run(options);
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
  here.addEventListener('pagehide', () => {
    delete here.loopscopeDesk;
    desk.close();
  });
  return desk;
}
