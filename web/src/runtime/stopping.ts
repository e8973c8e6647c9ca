/**
 * What follows Stop: a program has been interrupted, and is looked at until it has come to its end.
 *
 *     SIGINT ──no sign──▶ SIGINT ──no sign──▶ ended
 *        └── a sign: it cleans up ──▶ much longer, and longer still while it waits for something
 *
 * Looks are so many milliseconds apart, and each only once the sandbox has had its turn, or is waited for in vain: where
 * everything is slow, a program has longer to react.
 */
const LOOK = 50;
const TURN = 1000;
/** After so many looks a program that gave no sign is interrupted once more, and ended. */
const AGAIN = 2;
const KILL = 5;
/** One that still does something, as one that cleans up, is interrupted again later, and has so many looks in all. */
const STILL = 10;
const GRACE = 20;
/** So many looks more has one that waits for something while it cleans up: it says goodbye to somebody. */
const GOODBYE = 100;

export interface Interrupted {
  /** When it last gave a sign, by `performance.now()`. */
  heard(): number;
  /** Whether it waits, by what it told last. */
  waits(): boolean;
  interrupt(): void;
  /** Calls back when all that it had told until now has come. */
  turn(then: () => void): void;
  /** It cleans up, and that takes its time. */
  lingers(): void;
  /** It did not react. */
  end(): void;
}

/** Interrupts a program and watches it stop; returns how to leave it. */
export function watchStop(program: Interrupted): () => void {
  const begun = performance.now();
  let timers: ReturnType<typeof setTimeout>[] = [];
  let left = false;

  function watch(looks: number, goodbye: number): void {
    const since = performance.now();
    let looked = false;
    const look = (): void => {
      if (looked || left) return;
      looked = true;
      const heard = program.heard();
      const quiet = heard < since;
      if (quiet && heard >= begun && goodbye < GOODBYE && program.waits()) {
        if (goodbye === KILL) program.lingers();
        return watch(looks, goodbye + 1);
      }
      if (looks >= GRACE || (quiet && looks >= KILL)) return program.end();
      // A second Ctrl+C would cut short what it does to clean up.
      if (looks === STILL || (looks === AGAIN && heard < begun)) program.interrupt();
      watch(looks + 1, goodbye);
    };
    const ask = (): void => {
      timers.push(setTimeout(look, TURN));
      program.turn(look);
    };
    timers.push(setTimeout(ask, LOOK));
  }

  program.interrupt();
  watch(1, 0);
  return () => {
    left = true;
    for (const timer of timers) clearTimeout(timer);
    timers = [];
  };
}
