/** Random programs for the fake loop, and their traces. */
import fc from 'fast-check';
import type { Trace } from '../../../web/src/trace/trace';
import { type Coroutine, FakeLoop, type Fut } from './loop';

export type Action =
  | { do: 'sleep'; seconds: number }
  | { do: 'print' | 'put' | 'get' | 'later' | 'cancel' }
  | { do: 'spawn' | 'eager' | 'join'; child: Action[] };

export interface Program {
  actions: Action[];
  cost: number;
}

const leaf = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(0, 0.001, 0.01, 0.05).map((seconds): Action => ({ do: 'sleep', seconds })),
  },
  fc.constantFrom<Action>({ do: 'print' }, { do: 'put' }, { do: 'get' }, { do: 'later' }, { do: 'cancel' }),
);

const { actions } = fc.letrec<{ action: Action; actions: Action[] }>((tie) => ({
  action: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: leaf },
    fc.record({
      do: fc.constantFrom('spawn', 'eager', 'join'),
      child: tie('actions'),
    }) as fc.Arbitrary<Action>,
  ),
  actions: fc.array(tie('action'), { maxLength: 6 }),
}));

export function randomProgram(): fc.Arbitrary<Program> {
  return fc.record({ actions, cost: fc.constantFrom(0, 0, 0.002) });
}

function isParent(action: Action): action is Extract<Action, { child: Action[] }> {
  return 'child' in action;
}

/** Runs a program; `after` is called after every row. */
export function runProgram(program: Program, after?: (loop: FakeLoop) => void): FakeLoop {
  const loop = new FakeLoop(after);
  loop.cost = program.cost;
  const items: Fut[] = [];
  const body = (list: Action[]): Coroutine =>
    function* (self) {
      for (const action of list) {
        if (isParent(action)) {
          const end = self.spawn(`c${action.child.length}`, body(action.child), action.do === 'eager');
          if (action.do === 'join') yield end;
        } else if (action.do === 'sleep') yield self.sleep(action.seconds);
        else if (action.do === 'print') self.print('x');
        else if (action.do === 'put') self.resolve(items.shift() ?? self.future());
        else if (action.do === 'later') self.callLater(0.003, () => undefined);
        else if (action.do === 'cancel') self.cancelTimers();
        else if (action.do === 'get') {
          const item = self.future();
          items.push(item);
          // Nobody may ever put: a timer of the loop's own ends the wait.
          self.callLater(0.02, () => self.resolve(item));
          yield item;
        }
      }
    };
  loop.run('main', body(program.actions));
  return loop;
}

export function traceOf(program: Program): Trace {
  return runProgram(program).rows.trace();
}
