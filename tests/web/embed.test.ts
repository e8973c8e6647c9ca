import { expect, test } from 'vitest';
import { Desk } from '../../web/src/embed/desk';
import { readOptions } from '../../web/src/embed/options';
import type { Phase, RunOptions, Runtime, RuntimeEvents } from '../../web/src/runtime/client';

test('a playground without wishes shows output and timeline', () => {
  expect(readOptions('')).toEqual({
    panes: ['output', 'timeline'],
    theme: undefined,
    autoload: false,
    readOnly: false,
    fromPage: false,
  });
});

test('what an address asks for is done, and what makes no sense is not', () => {
  expect(readOptions('?panes=timeline+program&theme=dark&autoload&readonly=')).toMatchObject({
    panes: ['program', 'timeline'],
    theme: 'dark',
    autoload: true,
    readOnly: true,
  });
  expect(readOptions('?panes=kitchen&theme=pink&autoload=false')).toMatchObject({
    panes: ['output', 'timeline'],
    theme: undefined,
    autoload: false,
  });
});

/** A runtime that does what it is told, when it is told. */
class Hand implements Runtime {
  phase: Phase = 'loading';
  readonly ran: string[] = [];
  readonly canHold = false;
  constructor(private readonly events: RuntimeEvents) {
    events.phase('loading', '');
  }
  enter(phase: Phase): void {
    this.phase = phase;
    this.events.phase(phase, '');
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
  dispose(): void {
    this.ran.push('dispose');
  }
}

function sitting(): { hand: Hand; desk: Desk; sit: () => { runtime: Runtime; heard: string[] } } {
  let hand: Hand | undefined;
  const desk = new Desk((events) => {
    hand = new Hand(events);
    return hand;
  });
  const sit = () => {
    const heard: string[] = [];
    const runtime = desk.sit({
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
