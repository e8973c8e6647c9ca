/**
 * What Python's loop parks on, inside the worker. See browser.py for why nothing here returns a promise.
 *
 *     arm / tick ──▶ armed ──run_sync(waiter)──▶ suspended ──fire──▶ resumed
 *                      └──────── fire before `then` was called is remembered ───────┘
 */
import { CONTROL, WORD } from './messages';

export interface Host {
  waiter: { then(resolve: (woken: number) => void): void };
  arm(milliseconds: number): void;
  tick(): void;
  wake(): void;
  block(seen: number, milliseconds: number): boolean;
  word(): number;
  now(): number;
  send(frame: PyBytes): void;
  /** What a held program is told; a step is told once. */
  control(): number;
  ask(): void;
  /** The program ended all at once, see Exit in program.py: nothing more comes from here. */
  leave(exit: string): void;
  /** The line that was typed, if one was. */
  line(): string | undefined;
  typed(text: string): void;
}

/** A Python bytes object, as Pyodide hands it over. */
interface PyBytes {
  getBuffer(): { data: Uint8Array; release(): void };
}

export interface HostEvents {
  batch(frame: ArrayBuffer): void;
  ask(): void;
  leave(exit: string): void;
}

export function createHost(words: Int32Array, events: HostEvents): Host {
  const channel = new MessageChannel();
  let armed = false;
  let ticking = false;
  let fired: number | undefined;
  let resume: ((woken: number) => void) | undefined;
  let generation = 0;
  let line: string | undefined;

  const fire = (woken: number): void => {
    if (!armed || fired !== undefined) return;
    Atomics.store(words, WORD.PARKED, 0);
    if (resume) {
      const go = resume;
      resume = undefined;
      armed = false;
      go(woken);
    } else fired = woken;
  };
  const begin = (): number => {
    armed = true;
    fired = undefined;
    resume = undefined;
    return ++generation;
  };
  channel.port1.onmessage = () => {
    ticking = false;
    fire(0);
  };

  return {
    waiter: {
      // biome-ignore lint/suspicious/noThenProperty: Python suspends on this very object
      then(resolve) {
        if (fired === undefined) resume = resolve;
        else {
          const woken = fired;
          fired = undefined;
          armed = false;
          resolve(woken);
        }
      },
    },
    // Atomics.waitAsync, not setTimeout: no rounding, no 4 ms clamp, and the page can end it without a message.
    arm(milliseconds) {
      const mine = begin();
      const seen = Atomics.load(words, WORD.WAKE);
      const wait = Atomics.waitAsync(words, WORD.WAKE, seen, milliseconds < 0 ? Infinity : milliseconds);
      Atomics.store(words, WORD.PARKED, 1);
      if (!wait.async) fire(0);
      else
        void wait.value.then((how) => {
          if (mine === generation) fire(how === 'timed-out' ? 0 : 1);
        });
    },
    tick() {
      begin();
      ticking = true;
      channel.port2.postMessage(0);
    },
    wake() {
      if (armed && !ticking) {
        generation++;
        fire(1);
      }
    },
    block(seen, milliseconds) {
      Atomics.store(words, WORD.PARKED, 1);
      const how = Atomics.wait(words, WORD.WAKE, seen, milliseconds < 0 ? Infinity : milliseconds);
      Atomics.store(words, WORD.PARKED, 0);
      return how !== 'timed-out';
    },
    word: () => Atomics.load(words, WORD.WAKE),
    now: () => performance.now(),
    send(frame) {
      const buffer = frame.getBuffer();
      const copy = buffer.data.slice();
      buffer.release();
      events.batch(copy.buffer as ArrayBuffer);
    },
    control: () => Atomics.compareExchange(words, WORD.CONTROL, CONTROL.STEP, CONTROL.HELD),
    ask: () => events.ask(),
    leave: (exit) => events.leave(exit),
    typed(text) {
      line = text;
    },
    line() {
      const length = Atomics.exchange(words, WORD.LINE, -1);
      if (length >= 0) {
        // Copied: TextDecoder takes no shared memory.
        line = new TextDecoder().decode(new Uint8Array(words.buffer, WORD.TEXT, length).slice());
      }
      const text = line;
      line = undefined;
      return text;
    },
  };
}
