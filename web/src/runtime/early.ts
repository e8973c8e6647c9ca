/**
 * Python begins to start before the page that shows it has come: the sandbox is made, its files are fetched, the first
 * interpreter starts. The runtime takes it over as it is, and hears what was said meanwhile.
 */
import {
  type CellEvents,
  createSandbox,
  type Loss,
  type Sandbox,
  type SandboxOptions,
} from './sandbox/sandbox';

interface Early {
  options: SandboxOptions;
  take(onLoss: (loss: Loss) => void): Sandbox | undefined;
}

let early: Early | undefined;

export function startEarly(options: SandboxOptions): void {
  const unheard: ((events: CellEvents) => void)[] = [];
  let heard: CellEvents | undefined;
  let lost: (loss: Loss) => void = () => {
    // Nobody knows of it: whoever comes makes another.
    early = undefined;
  };
  const tell = (what: (events: CellEvents) => void): void => {
    if (heard) what(heard);
    else unheard.push(what);
  };
  const sandbox = createSandbox(options, (loss) => lost(loss));
  const first = sandbox.spawn({
    report: (message) => tell((events) => events.report(message)),
    lost: (loss) => tell((events) => events.lost(loss)),
  });

  function spawn(events: CellEvents) {
    if (heard) return sandbox.spawn(events);
    heard = events;
    // Whoever spawns knows its cell first, then what it says.
    queueMicrotask(() => {
      for (const what of unheard.splice(0)) what(events);
    });
    return first;
  }

  early = {
    options,
    take(onLoss) {
      early = undefined;
      lost = onLoss;
      return {
        get shares() {
          return sandbox.shares;
        },
        spawn,
        ahead: sandbox.ahead,
        turn: sandbox.turn,
        dispose: sandbox.dispose,
      };
    },
  };
}

/** The sandbox that has begun early, once; none if there is none, or one of another kind. */
export function takeEarly(options: SandboxOptions, onLoss: (loss: Loss) => void): Sandbox | undefined {
  const keys = Object.keys(options) as (keyof SandboxOptions)[];
  return keys.every((key) => early?.options[key] === options[key]) ? early?.take(onLoss) : undefined;
}
