/** Two runs side by side: their tasks, what got longer or shorter, and where the two part. */
import { awaited, duration, taskLabel } from '../trace/reason';
import { type EventIndex, How, type Id, Kind, type Seconds, type Trace } from '../trace/trace';
import { type Tracks, tracksOf } from '../trace/tracks';
import { matchTasks, type Pair } from './match';
import { type Parting, partingsOf } from './parting';
import { type Times, timesOf } from './times';

export interface ComparedTask extends Pair {
  name: string;
  times: readonly [Times | undefined, Times | undefined];
  /** Seconds that it lived longer in the second run; undefined where it is in one alone. */
  longer: Seconds | undefined;
}

export interface Comparison {
  traces: readonly [Trace, Trace];
  tasks: ComparedTask[];
  /** Where the loop decided in another way for the first time. */
  decision: Parting | undefined;
  /** In sentences. */
  told: string[];
}

/** Less than this is no difference: the rounding of sums. */
const LEAST: Seconds = 1e-9;
/** Of the tasks that changed most so many are told. */
const TOLD = 3;

export function compare(first: Trace, second: Trace): Comparison {
  const traces = [first, second] as const;
  const tracks = [tracksOf(first), tracksOf(second)] as const;
  for (const one of tracks) one.read();
  const tasks = matchTasks(first, second).map((pair): ComparedTask => {
    const times = [timesIn(tracks[0], pair.tasks[0]), timesIn(tracks[1], pair.tasks[1])] as const;
    const [a, b] = times;
    const name = pair.tasks[0] ? taskLabel(first, pair.tasks[0].id) : nameIn(second, pair.tasks[1]?.id);
    const longer = a && b ? rounded(b.life - a.life) : undefined;
    return { ...pair, name, times, longer };
  });
  const { decision, step } = partingsOf(first, second);
  const told = [
    lengthWords(traces),
    taskWords(tasks),
    ...(step && (!decision || step.alike < decision.alike) ? [stepWords(traces, step)] : []),
    decisionWords(traces, decision),
    ...changeWords(tasks),
  ].filter(Boolean);
  return { traces, tasks, decision, told };
}

function timesIn(tracks: Tracks, task: Pair['tasks'][0]): Times | undefined {
  return task && timesOf(tracks.trace, task, tracks.stepsOf(task.index + 1));
}

function nameIn(trace: Trace, id: Id | undefined): string {
  return id === undefined ? '' : taskLabel(trace, id);
}

function rounded(difference: Seconds): Seconds {
  return Math.abs(difference) < LEAST ? 0 : difference;
}

function lengthWords([first, second]: Comparison['traces']): string {
  const more = rounded(second.now - first.now);
  if (more === 0) return `Both runs took ${duration(first.now)}.`;
  return `The kept run took ${duration(first.now)}, this one ${duration(second.now)}: ${difference(more)}.`;
}

function taskWords(tasks: readonly ComparedTask[]): string {
  const only = (side: 0 | 1): string[] =>
    tasks.filter(({ tasks: pair }) => !pair[1 - side]).map(({ name }) => name);
  const both = tasks.filter(({ longer }) => longer !== undefined).length;
  const parts = [`${both === 1 ? 'One task is' : `${both} tasks are`} in both`];
  for (const [side, where] of [
    [0, 'in the kept run only'],
    [1, 'in this one only'],
  ] as const) {
    const names = only(side);
    if (names.length) parts.push(`${listed(names)} ${names.length === 1 ? 'is' : 'are'} ${where}`);
  }
  return `${parts.join('; ')}.`;
}

function stepWords([first, second]: Comparison['traces'], { events: [a, b] }: Parting): string {
  return `The first difference is in ${whoIn(first, a)}, at t = ${duration(first.t.at(a))}: in the kept run it ${ended(first, a)}, in this one it ${ended(second, b)}.`;
}

function ended(trace: Trace, step: EventIndex): string {
  const how = trace.how.at(step);
  if (how === How.SUSPENDED) return `waits for ${awaited(trace, step)}`;
  if (how === How.YIELDED) return `gives way with ${awaited(trace, step)}`;
  if (how === How.RAISED) return `raises ${trace.text(trace.aux.at(step)) || 'an exception'}`;
  return how === How.RETURNED ? 'returns' : how === How.CANCELLED ? 'is cancelled' : 'is interrupted';
}

function decisionWords([first, second]: Comparison['traces'], decision: Parting | undefined): string {
  if (!decision) return 'The loop ran the same handles in the same order in both.';
  const { alike, events } = decision;
  const [a, b] = events;
  const before = alike === 1 ? 'the first handle' : `the first ${alike} handles`;
  const begin = alike === 0 ? 'The two part at once' : `They are alike for ${before}, then they part`;
  return `${begin}: the kept run ${went(first, a)}, this one ${went(second, b)}.`;
}

function went(trace: Trace, event: EventIndex): string {
  if (event < 0) return 'was over';
  if (trace.how.at(event) === How.TIMER)
    return `fired a timer of ${taskLabel(trace, trace.by.at(event))} at t = ${duration(trace.t.at(event))}`;
  return `ran ${whoIn(trace, event)} at t = ${duration(trace.t.at(event))}`;
}

function whoIn(trace: Trace, event: EventIndex): string {
  if (trace.kind.at(event) === Kind.STEP) return taskLabel(trace, trace.subject.at(event));
  return `the callback ${trace.text(trace.aux.at(event)) || 'of asyncio'}`;
}

function changeWords(tasks: readonly ComparedTask[]): string[] {
  const changed = tasks
    .filter(({ longer }) => longer)
    .sort((a, b) => Math.abs(b.longer as number) - Math.abs(a.longer as number));
  if (changed.length === 0) return [];
  const told = changed.slice(0, TOLD).map(({ name, longer }) => `${name}: ${difference(longer as number)}`);
  const rest = changed.length - told.length;
  return [`Lived longer or shorter: ${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`];
}

/** '50 ms longer', '2 s shorter', 'as long'. */
export function difference(longer: Seconds): string {
  return longer === 0 ? 'as long' : `${duration(Math.abs(longer))} ${longer > 0 ? 'longer' : 'shorter'}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, TOLD).join(', ');
  return names.length > TOLD ? `${shown} and ${names.length - TOLD} more` : shown;
}
