import { expect, test } from 'vitest';
import { Desk } from '../../../web/src/embed/desk';
import type { Phase, RunOptions, Runtime, RuntimeEvents } from '../../../web/src/runtime/client';

/** A runtime that does what it is told, when it is told. */
class Hand implements Runtime {
  phase: Phase = 'loading';
  readonly ran: string[] = [];
  readonly canHold = false;
  constructor(private readonly events: RuntimeEvents) {
    events.phase('loading', '');
  }
  enter(phase: Phase, detail = ''): void {
    this.phase = phase;
    this.events.phase(phase, detail);
  }
  get waits(): boolean | undefined {
    return this.events.waits?.();
  }
  batch(size: number): void {
    this.events.batch(new ArrayBuffer(size));
  }
  ask(): void {
    this.events.ask();
  }
  run({ code }: RunOptions): void {
    this.ran.push(code);
    this.enter('running');
  }
  stop(): void {
    this.ran.push('stop');
  }
  hold(): void {}
  step(): void {}
  go(): void {}
  input(): void {}
  retry(): void {
    this.ran.push('retry');
    this.enter('loading');
  }
  /** Python could not be loaded. */
  lack(): void {
    this.enter('failed', 'no line');
    this.events.unloaded?.();
  }
  dispose(): void {
    this.ran.push('dispose');
  }
}

interface Sitting {
  hand: Hand;
  desk: Desk;
  sit(waits?: () => boolean): { runtime: Runtime; heard: string[] };
}

function sitting(): Sitting {
  let hand: Hand | undefined;
  const desk = new Desk((events) => {
    hand = new Hand(events);
    return hand;
  });
  const sit = (waits?: () => boolean) => {
    const heard: string[] = [];
    const runtime = desk.sit({
      ...(waits && { waits }),
      unloaded: () => heard.push('unloaded'),
      phase: (phase, detail) => heard.push(detail ? `${phase}: ${detail}` : phase),
      batch: (buffer) => heard.push(`batch ${buffer.byteLength}`),
      error: () => heard.push('error'),
      ask: () => heard.push('ask'),
      installed: () => heard.push('installed'),
      permit: async () => false,
    });
    return { runtime, heard };
  };
  return { hand: hand as unknown as Hand, desk, sit };
}

const program = (code: string): RunOptions => ({ code, clock: 'virtual' });

test('each playground hears of its own program alone', () => {
  const { hand, sit } = sitting();
  const [a, b] = [sit(), sit()];
  hand.enter('ready');
  a.runtime.run(program('a'));
  hand.batch(8);
  hand.enter('finished');
  b.runtime.run(program('b'));
  hand.batch(16);
  hand.enter('finished');
  expect(a.heard).toEqual(['loading', 'ready', 'running', 'batch 8', 'finished']);
  expect(b.heard).toEqual(['loading', 'ready', 'running', 'batch 16', 'finished']);
  expect(hand.ran).toEqual(['a', 'b']);
});

test('a program that is started ends the one of another playground first', async () => {
  const { hand, sit } = sitting();
  const [a, b] = [sit(), sit()];
  hand.enter('ready');
  a.runtime.run(program('a'));
  b.runtime.run(program('b'));
  expect(a.heard.at(-1)).toBe('stopped: another program on this page was started');
  expect(hand.ran).toEqual(['a', 'stop']);
  // What it does until then, and what is found out about it afterwards, is not the other's.
  hand.batch(8);
  hand.ask();
  hand.enter('stopped');
  hand.batch(16);
  await Promise.resolve();
  expect(hand.ran).toEqual(['a', 'stop', 'b']);
  hand.batch(24);
  expect(b.heard).toEqual(['loading', 'ready', 'loading', 'running', 'batch 24']);
  // What is stopped can't be stopped again by who has no program running.
  a.runtime.stop();
  expect(hand.ran).toEqual(['a', 'stop', 'b']);
  hand.enter('finished');
  expect(b.heard.at(-1)).toBe('finished');
  expect(a.heard.at(-1)).toMatch(/^stopped/);
});

test('Stop takes back a program that waits for the end of another one', async () => {
  const { hand, sit } = sitting();
  const [a, b] = [sit(), sit()];
  hand.enter('ready');
  a.runtime.run(program('a'));
  b.runtime.run(program('b'));
  b.runtime.stop();
  hand.enter('stopped');
  await Promise.resolve();
  expect(hand.ran).toEqual(['a', 'stop', 'stop']);
  expect(b.heard.at(-1)).toBe('stopped');
});

test('when the frame that keeps Python goes, who ran something is told', () => {
  const { hand, desk, sit } = sitting();
  const [a, b] = [sit(), sit()];
  hand.enter('ready');
  b.runtime.run(program('b'));
  desk.close();
  expect(desk.closed).toBe(true);
  expect(a.heard.at(-1)).toBe('ready');
  expect(b.heard.at(-1)).toMatch(/^failed: the page took Python away/);
  expect(hand.ran.at(-1)).toBe('dispose');
});

test('whether a program waits says the playground whose program it is', () => {
  const { hand, sit } = sitting();
  const a = sit(() => true);
  const b = sit(() => true);
  hand.enter('ready');
  expect(hand.waits).toBe(false);
  a.runtime.run(program('a'));
  expect(hand.waits).toBe(true);
  // Another one is waited for: nobody gives this one more time.
  b.runtime.run(program('b'));
  expect(hand.waits).toBe(false);
});

test('how a program goes on and ends that another one has taken the place of, is told to nobody', async () => {
  const { hand, sit } = sitting();
  const [a, b] = [sit(), sit()];
  hand.enter('ready');
  a.runtime.run(program('a'));
  b.runtime.run(program('b'));
  hand.enter('loading', 'installing numpy');
  hand.enter('running', 'it cleans up');
  expect(b.heard).toEqual(['loading', 'ready', 'loading']);
  // Nor when nothing is to run after it any more.
  b.runtime.stop();
  hand.enter('running', 'it cleans up');
  hand.batch(8);
  hand.enter('failed', 'ZeroDivisionError at line 3');
  expect(b.heard).toEqual(['loading', 'ready', 'loading', 'stopped']);
  expect(a.heard.at(-1)).toMatch(/^stopped/);
});

test('a program that was taken back, and is wanted after all, runs when the one before has ended', async () => {
  const { hand, sit } = sitting();
  const [a, b] = [sit(), sit()];
  hand.enter('ready');
  a.runtime.run(program('a'));
  b.runtime.run(program('b'));
  b.runtime.stop();
  b.runtime.run(program('b, again'));
  hand.enter('stopped');
  await Promise.resolve();
  expect(hand.ran).toEqual(['a', 'stop', 'stop', 'stop', 'b, again']);
  expect(b.heard).toEqual(['loading', 'ready', 'loading', 'loading', 'running']);
});

test('a playground that goes away takes its program with it', async () => {
  const { hand, sit } = sitting();
  const [a, b] = [sit(), sit()];
  hand.enter('ready');
  b.runtime.run(program('b'));
  b.runtime.dispose();
  expect(hand.ran).toEqual(['b', 'stop']);
  // It may come back: then it shows a program that has ended. More it hears not.
  const left = ['loading', 'ready', 'running', 'stopped: this playground was left'];
  hand.batch(8);
  hand.enter('stopped');
  expect(b.heard).toEqual(left);
  expect(a.heard).toEqual(['loading', 'ready']);
  a.runtime.run(program('a'));
  expect(a.heard).toEqual(['loading', 'ready', 'running']);
  // Twice gone is gone, and nobody else's program is stopped by it.
  b.runtime.dispose();
  b.runtime.stop();
  expect(hand.ran).toEqual(['b', 'stop', 'a']);
  expect(b.heard).toEqual(left);
});

test('a playground that goes away while its program waits for the end of another one never runs it', async () => {
  const { hand, sit } = sitting();
  const [a, b] = [sit(), sit()];
  hand.enter('ready');
  a.runtime.run(program('a'));
  b.runtime.run(program('b'));
  b.runtime.dispose();
  hand.enter('stopped');
  await Promise.resolve();
  expect(hand.ran).toEqual(['a', 'stop', 'stop']);
  expect(b.heard.at(-1)).toBe('stopped: this playground was left');
});

test('who goes away while Python loads leaves it to the others', () => {
  const { hand, sit } = sitting();
  const [a, b] = [sit(), sit()];
  hand.stop = () => hand.enter('loading');
  hand.run = () => hand.enter('loading');
  b.runtime.run(program('b'));
  b.runtime.dispose();
  hand.enter('ready');
  expect(a.heard.at(-1)).toBe('ready');
  expect(b.heard.at(-1)).toMatch(/^stopped/);
});

test('after the frame that keeps Python has gone, nobody tells it anything', () => {
  const { hand, desk, sit } = sitting();
  const [a, b] = [sit(), sit()];
  b.runtime.run(program('b'));
  desk.close();
  b.runtime.stop();
  b.runtime.dispose();
  a.runtime.dispose();
  expect(hand.ran).toEqual(['b', 'dispose']);
  expect(b.heard.at(-1)).toMatch(/^failed/);
});

test('who waited for Python to load, waits no longer when its frame has gone', () => {
  const { desk, sit } = sitting();
  const a = sit();
  desk.close();
  expect(a.heard).toEqual(['loading', 'ready']);
});

test('who wanted a Python that could not be loaded may ask for it once more', () => {
  const { hand, sit } = sitting();
  const [a, b] = [sit(), sit()];
  a.runtime.run(program('a'));
  hand.lack();
  expect(a.heard.slice(-2)).toEqual(['failed: no line', 'unloaded']);
  expect(b.heard).not.toContain('unloaded');
  // It was told to one of them: the other has nothing to ask for.
  b.runtime.retry?.();
  expect(hand.ran).toEqual(['a']);
  a.runtime.retry?.();
  a.runtime.retry?.();
  expect(hand.ran).toEqual(['a', 'retry']);
  hand.enter('ready');
  expect(a.heard.slice(-2)).toEqual(['loading', 'ready']);
});

test('while nobody has run anything, all are told that Python could not be loaded, and all that it has come', () => {
  const { hand, sit } = sitting();
  const [a, b] = [sit(), sit()];
  hand.lack();
  expect([a, b].map(({ heard }) => heard.at(-1))).toEqual(['unloaded', 'unloaded']);
  a.runtime.retry?.();
  hand.enter('ready');
  expect(a.heard.at(-1)).toBe('ready');
  // It has come meanwhile: there is nothing left to do.
  b.runtime.retry?.();
  expect(hand.ran).toEqual(['retry']);
  expect(b.heard.at(-1)).toBe('ready');
});
