/** The runtime with a sandbox that does what the test says. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { Command, Report } from '../../../web/src/runtime/messages';
import type { Cell, CellEvents, Loss, Sandbox } from '../../../web/src/runtime/sandbox/sandbox';

/** The sandboxes that were made, the last one last. */
const made: Hand[] = [];

class Hand implements Sandbox {
  shares = true;
  disposed = false;
  readonly cells: { events: CellEvents; sent: Command[]; written: number; killed: boolean }[] = [];
  spawn(events: CellEvents): Cell {
    const one = { events, sent: [] as Command[], written: 0, killed: false };
    this.cells.push(one);
    return {
      send: (command) => void one.sent.push(command),
      write() {
        one.written++;
      },
      kill() {
        one.killed = true;
      },
    };
  }
  turn(then: () => void): void {
    then();
  }
  ahead(): void {}
  dispose(): void {
    this.disposed = true;
  }
}

vi.mock('../../../web/src/runtime/assets', () => ({
  fetchAhead() {},
  fetchExtra: async () => new ArrayBuffer(0),
}));
vi.mock('../../../web/src/runtime/early', () => ({ takeEarly: () => undefined }));
vi.mock('../../../web/src/runtime/sandbox/sandbox', () => ({
  createSandbox() {
    const hand = new Hand();
    made.push(hand);
    return hand;
  },
}));

const READY: Report = { type: 'ready', python: '3.14.2', jspi: true, restored: true };
const NO_ROOM: Loss = { kind: 'crash', message: 'there is not enough memory for Python' };

async function runtime() {
  const { createRuntime } = await import('../../../web/src/runtime/client');
  const phases: string[] = [];
  const made = createRuntime(
    {
      phase: (phase, detail) => phases.push(detail ? `${phase}: ${detail}` : phase),
      batch() {},
      waits: () => true,
      error() {},
      ask() {},
      installed() {},
      permit: async () => false,
    },
    { jspi: true, shared: true, snapshot: true },
  );
  return { runtime: made, phases };
}

beforeEach(() => {
  made.length = 0;
  vi.useFakeTimers();
  // Node 20 has none.
  vi.stubGlobal('navigator', {});
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
});

it('a second interpreter that finds no room takes nothing from the program that runs', async () => {
  const { runtime: python, phases } = await runtime();
  const [sandbox] = made as [Hand];
  sandbox.cells[0]?.events.report(READY);
  python.run({ code: 'pass', clock: 'virtual' });
  vi.advanceTimersByTime(1000);
  expect(sandbox.cells.length).toBe(2);
  sandbox.cells[1]?.events.lost(NO_ROOM);
  expect([sandbox.disposed, python.phase]).toEqual([false, 'running']);
  // It comes to its end, and then there is room for the next one.
  sandbox.cells[0]?.events.report({ type: 'done', exit: '{"how": 13, "code": 0, "problem": null}' });
  expect(python.phase).toBe('finished');
  expect(sandbox.cells.length).toBe(3);
  sandbox.cells[2]?.events.report(READY);
  python.run({ code: 'pass', clock: 'virtual' });
  expect(phases).toEqual(['loading', 'ready: Python 3.14.2', 'running', 'finished', 'running']);
  python.dispose();
});

it('a run that has ended still gets the library, if its analysis imports from there', async () => {
  const { runtime: python } = await runtime();
  const [sandbox] = made as [Hand];
  const cell = sandbox.cells[0];
  cell?.events.report(READY);
  python.run({ code: 'pass', clock: 'virtual' });
  cell?.events.report({ type: 'done', exit: '{"how": 13, "code": 0, "problem": null}' });
  cell?.events.report({ type: 'want', name: 'library' });
  await vi.advanceTimersByTimeAsync(1);
  expect(cell?.written).toBe(1);
  cell?.events.report({ type: 'analysed' });
  expect(cell?.killed).toBe(true);
  python.dispose();
});

it('where the memory image can not be restored, Python starts without', async () => {
  const { runtime: python, phases } = await runtime();
  made[0]?.cells[0]?.events.lost(NO_ROOM);
  expect(made.map(({ disposed }) => disposed)).toEqual([true, false]);
  made[1]?.cells[0]?.events.report(READY);
  expect(phases).toEqual(['loading', 'ready: Python 3.14.2']);
  python.dispose();
});

it('a program that waits while it cleans up is given the time, and Stop pressed again ends it', async () => {
  const { runtime: python, phases } = await runtime();
  const [sandbox] = made as [Hand];
  sandbox.cells[0]?.events.report(READY);
  python.run({ code: 'pass', clock: 'real' });
  python.stop();
  vi.advanceTimersByTime(40);
  sandbox.cells[0]?.events.report({ type: 'batch', frame: new ArrayBuffer(16) });
  vi.advanceTimersByTime(2000);
  expect(phases.at(-1)).toBe('running: it cleans up: Stop, pressed again, ends it at once');
  python.stop();
  expect(phases.at(-1)).toBe('stopped: it was ended before it had cleaned up');
  python.dispose();
});

it('a program that does not react to Stop is ended', async () => {
  const { runtime: python, phases } = await runtime();
  made[0]?.cells[0]?.events.report(READY);
  python.run({ code: 'pass', clock: 'real' });
  vi.advanceTimersByTime(10);
  python.stop();
  vi.advanceTimersByTime(2000);
  expect(phases.at(-1)).toBe('stopped: it did not react and was ended');
  expect(made[0]?.cells[0]?.killed).toBe(true);
  python.dispose();
});
