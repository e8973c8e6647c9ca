import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type ComparedTask, type Comparison, compare, difference } from '../compare/comparison';
import { type Bar, type Lanes, lanesOf } from '../compare/lanes';
import { duration, STATE_WORDS, State, syncWords } from '../trace/reason';
import { Icon } from './icons';
import type { Run, Store } from './store';

/** Units of the drawing: shares are in thousandths. */
const WIDE = 1000;
const LANE = 9;
/** Of more tasks the first ones are shown. */
const MOST = 300;

const NAMES: Record<State, string> = {
  [State.RUN]: 'run',
  [State.READY]: 'ready',
  [State.SLEEP]: 'sleep',
  [State.SYNC]: 'sync',
  [State.QUEUE]: 'queue',
  [State.TASK]: 'task',
  [State.IO]: 'io',
  [State.OTHER]: 'other',
  [State.NONE]: 'none',
};

/** There is little room. */
const WORDS = { ...STATE_WORDS, [State.READY]: 'ready' };

/** The kept run and the one on the page, side by side: in words, as bars on one axis, and in figures. */
export function CompareDialog({ store }: { store: Store }) {
  const open = store.comparing.value;
  const kept = store.kept.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const close = () => {
    store.comparing.value = false;
  };
  return (
    <dialog ref={dialog} class="compare" aria-labelledby="compare-title" closedby="any" onClose={close}>
      <div class="help-head">
        <h2 id="compare-title">Two runs compared</h2>
        <button type="button" class="quiet" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {open && kept && <Compared kept={kept} run={store.run.value} />}
    </dialog>
  );
}

function Compared({ kept, run }: { kept: Run; run: Run }) {
  const [comparison, lanes] = useMemo(() => {
    const traces = [kept.trace, run.trace] as const;
    return [compare(...traces), lanesOf(traces)] as const;
  }, [kept, run]);
  const rows = comparison.tasks.slice(0, MOST);
  const more = comparison.tasks.length - rows.length;
  return (
    <>
      <ul class="compare-told" aria-label="What is different">
        {comparison.told.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys, too */}
      <section class="compare-tasks" aria-label="Tasks of both runs" tabIndex={0}>
        <table class="compare-table">
          <thead>
            <tr>
              <th scope="col">Task</th>
              <th scope="col">
                <span class="compare-key">kept run above, this run below</span>
              </th>
              <th scope="col">Kept</th>
              <th scope="col">This</th>
              <th scope="col">Lived</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((task) => (
              <TaskRow key={task.path} {...{ task, lanes, comparison }} />
            ))}
          </tbody>
        </table>
      </section>
      <Legend states={statesOf(rows, lanes)} sync={syncWords(kept.trace, run.trace)} />
      {more > 0 && <p class="quiet-text">{more} more tasks are not shown.</p>}
      <p class="quiet-text">
        {lanes.turns
          ? 'Widths are steps and time: every step has a width of its own, however short it was, and both runs have one axis. '
          : 'Widths are time, and both runs have one axis. '}
        Tasks are the same where they were created on the same path by the same name.
        {comparison.decision && ' The upright line is where the two part.'}
      </p>
    </>
  );
}

/** The states that occur in what is shown. */
function statesOf(tasks: readonly ComparedTask[], lanes: Lanes): State[] {
  const found = new Set<State>();
  for (const { tasks: sides } of tasks)
    for (const side of [0, 1] as const) {
      const own = sides[side];
      if (own) for (const { state } of lanes.bars(side, own)) found.add(state);
    }
  return [...found].sort((a, b) => a - b);
}

/** Colours and patterns in words. */
function Legend({ states, sync }: { states: readonly State[]; sync: string }) {
  return (
    <ul class="compare-legend" aria-label="Legend">
      {states.map((state) => (
        <li key={state}>
          <svg viewBox={`0 0 24 ${LANE}`} aria-hidden="true" focusable="false">
            {rect({ state, from: 0, to: 24 / WIDE }, 0)}
          </svg>
          {state === State.SYNC ? sync : WORDS[state]}
        </li>
      ))}
    </ul>
  );
}

function TaskRow(props: { task: ComparedTask; lanes: Lanes; comparison: Comparison }) {
  const { task, lanes, comparison } = props;
  const { longer, times } = task;
  const changed = longer === undefined || longer !== 0;
  return (
    <tr class={changed ? 'changed' : ''}>
      <th scope="row">
        <span class={`depth depth-${Math.min(task.depth, 4)}`}>{task.name}</span>
      </th>
      <td class="compare-chart">
        <Pair {...{ task, lanes, comparison }} />
      </td>
      {times.map((one, side) => (
        <td key={side === 0 ? 'kept' : 'this'}>{one ? duration(one.life) : '–'}</td>
      ))}
      <td>
        {longer !== undefined ? difference(longer) : times[0] ? 'only in the kept run' : 'only in this run'}
      </td>
    </tr>
  );
}

/** A task's two lanes. The table tells the same in figures. */
function Pair({ task, lanes, comparison }: { task: ComparedTask; lanes: Lanes; comparison: Comparison }) {
  const sides = [0, 1] as const;
  const events = comparison.decision?.events;
  const lines = sides.flatMap((side) => {
    const event = events?.[side] ?? -1;
    return event < 0 ? [] : [{ side, x: lanes.at(side, event) * WIDE }];
  });
  return (
    <svg
      viewBox={`0 0 ${WIDE} ${LANE * 2 + 2}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {sides.map((side) => {
        const own = task.tasks[side];
        return own && <g key={side}>{lanes.bars(side, own).map((bar) => rect(bar, side))}</g>;
      })}
      {lines.map(({ side, x }) => (
        <rect key={`part ${side}`} class="part" x={x - 1} y={side * (LANE + 2)} width={2} height={LANE} />
      ))}
    </svg>
  );
}

/** A bar; what waits stands on a line whose pattern tells what for, as on the timeline. */
function rect({ state, from, to }: Bar, side: 0 | 1) {
  const runs = state === State.RUN;
  const top = side * (LANE + 2);
  const [x, right] = [from * WIDE, to * WIDE];
  const name = NAMES[state];
  const height = runs ? LANE : LANE - 4;
  const base = state === State.READY ? top + LANE / 2 : top + LANE - 2;
  return (
    <g key={`${from} ${state}`} class={`bar-${name}`}>
      <rect class="bar" x={x} y={runs ? top : top + 2} width={right - x} height={height} />
      {!runs && <line class="base" x1={x} x2={right} y1={base} y2={base} />}
      {state === State.TASK && <line class="base" x1={x} x2={right} y1={base - 2.5} y2={base - 2.5} />}
    </g>
  );
}
