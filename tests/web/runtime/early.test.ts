/** Python that starts before the page is there: whoever takes it over later misses nothing, and gets what is well. */
import { beforeEach, expect, test, vi } from 'vitest';
import { startEarly, takeEarly } from '../../../web/src/runtime/early';
import type { Report } from '../../../web/src/runtime/messages';
import type {
  Cell,
  CellEvents,
  Loss,
  Sandbox,
  SandboxOptions,
} from '../../../web/src/runtime/sandbox/sandbox';

const OPTIONS: SandboxOptions = { jspi: true, shared: true, snapshot: true };
const READY: Report = { type: 'ready', python: '3.14.2', jspi: true, restored: true };
const DEAD: Loss = { kind: 'crash', message: 'it died' };

/** A sandbox whose interpreters say what the test says. */
class Hand implements Sandbox {
  shares = false;
  disposed = false;
  readonly cells: { events: CellEvents; cell: Cell }[] = [];
  lose: (loss: Loss) => void = () => {};
  spawn(events: CellEvents): Cell {
    const cell: Cell = { send() {}, write() {}, kill() {} };
    this.cells.push({ events, cell });
    return cell;
  }
  turn(): void {}
  ahead(): void {}
  dispose = (): void => {
    this.disposed = true;
  };
}

let made: Hand;

// The real one is a frame in a page; tests/e2e has it.
vi.mock('../../../web/src/runtime/sandbox/sandbox', () => ({
  createSandbox: (_: SandboxOptions, onLoss: (loss: Loss) => void): Sandbox => {
    made = new Hand();
    made.lose = onLoss;
    return made;
  },
}));

function begin(): Hand {
  startEarly(OPTIONS);
  return made;
}

function listen(): { heard: string[]; events: CellEvents } {
  const heard: string[] = [];
  const events: CellEvents = {
    report: (message) => heard.push(message.type),
    lost: (loss) => heard.push(`lost: ${loss.message}`),
  };
  return { heard, events };
}

// One is left over where a test took none.
beforeEach(() => void takeEarly(OPTIONS, () => {}));

test('the first interpreter is there already, and what it said before is heard, after its cell is known', async () => {
  const hand = begin();
  hand.cells[0]?.events.report(READY);
  hand.cells[0]?.events.report({ type: 'ask' });
  const sandbox = takeEarly(OPTIONS, () => {});
  const { heard, events } = listen();
  expect(sandbox?.spawn(events)).toBe(hand.cells[0]?.cell);
  expect(heard).toEqual([]);
  await Promise.resolve();
  expect(heard).toEqual(['ready', 'ask']);
  hand.cells[0]?.events.report({ type: 'analysed' });
  expect(heard).toEqual(['ready', 'ask', 'analysed']);
});

test('the second interpreter is one of its own', async () => {
  const hand = begin();
  const sandbox = takeEarly(OPTIONS, () => {});
  const [first, second] = [listen(), listen()];
  sandbox?.spawn(first.events);
  expect(sandbox?.spawn(second.events)).toBe(hand.cells[1]?.cell);
  await Promise.resolve();
  hand.cells[1]?.events.report(READY);
  expect([first.heard, second.heard]).toEqual([[], ['ready']]);
});

test('it is taken once, and only by whoever wants one of its kind', () => {
  begin();
  expect(takeEarly({ ...OPTIONS, snapshot: false }, () => {})).toBeUndefined();
  expect(takeEarly(OPTIONS, () => {})).toBeDefined();
  expect(takeEarly(OPTIONS, () => {})).toBeUndefined();
});

test('what was lost before somebody came is not taken', () => {
  const hand = begin();
  hand.lose(DEAD);
  hand.cells[0]?.events.lost(DEAD);
  expect(takeEarly(OPTIONS, () => {})).toBeUndefined();
});

test('what is lost later is told to who took it', async () => {
  const hand = begin();
  const told: string[] = [];
  const sandbox = takeEarly(OPTIONS, (loss) => told.push(loss.message));
  const { heard, events } = listen();
  sandbox?.spawn(events);
  hand.shares = true;
  expect(sandbox?.shares).toBe(true);
  hand.lose(DEAD);
  hand.cells[0]?.events.lost(DEAD);
  expect([told, heard]).toEqual([['it died'], ['lost: it died']]);
  sandbox?.dispose();
  expect(hand.disposed).toBe(true);
});
