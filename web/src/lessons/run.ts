/** What a run did, in the terms in which questions speak of it: lines that were printed, steps of the program's own tasks. */
import { type EventIndex, Flag, How, type Id, Kind, type Seconds, type Trace } from '../trace/trace';

export interface Line {
  /** Without the spaces around it. */
  text: string;
  /** The OUTPUT event with its first character. */
  event: EventIndex;
  t: Seconds;
}

/** The lines that the program printed to stdout. */
export function printedLines(trace: Trace): Line[] {
  const lines: Line[] = [];
  let text = '';
  let begin: EventIndex = 0;
  const end = () => lines.push({ text: text.trim(), event: begin, t: trace.t.at(begin) });
  for (let i = 0; i < trace.count; i++) {
    if (trace.kind.at(i) !== Kind.OUTPUT || trace.how.at(i) !== How.STDOUT) continue;
    if (!text) begin = i;
    const parts = (text + trace.text(trace.aux.at(i))).split('\n');
    for (const part of parts.slice(0, -1)) {
      text = part;
      end();
      begin = i;
    }
    text = parts.at(-1) ?? '';
  }
  if (text) end();
  return lines;
}

/** The one line of a text; undefined: it is printed not at all, or several times. */
export function lineOf(trace: Trace, text: string): Line | undefined {
  const found = printedLines(trace).filter((line) => line.text === text);
  return found.length === 1 ? found[0] : undefined;
}

/** A task as questions call it: by the name the program gave it, else by its coroutine's. */
export function nameOf(trace: Trace, id: Id): string {
  const task = trace.task(id);
  if (!task) return '';
  return /^Task-\d+$/.test(task.name) ? task.coroutine : task.name;
}

/** The steps of the program's own tasks, in order; a step inside another one comes before it. */
export function ownSteps(trace: Trace): EventIndex[] {
  const steps: EventIndex[] = [];
  for (let i = 0; i < trace.count; i++) {
    if (trace.kind.at(i) !== Kind.STEP) continue;
    const created = trace.task(trace.subject.at(i))?.created;
    if (created !== undefined && !(trace.flags.at(created) & Flag.LIBRARY)) steps.push(i);
  }
  return steps;
}

export function isEager(trace: Trace, step: EventIndex): boolean {
  return (trace.flags.at(step) & Flag.EAGER) !== 0;
}

/** The steps of the one task of a name; undefined: there is none, or several. */
export function stepsOf(trace: Trace, name: string): EventIndex[] | undefined {
  const steps = ownSteps(trace).filter((step) => nameOf(trace, trace.subject.at(step)) === name);
  const one =
    steps.length > 0 && steps.every((step) => trace.subject.at(step) === trace.subject.at(steps[0] ?? 0));
  return one ? steps : undefined;
}

/** The step of the program's own tasks in which a line was printed; -1: it was outside of them. */
export function stepThatPrinted(trace: Trace, line: Line): EventIndex {
  const by = trace.by.at(line.event);
  return ownSteps(trace).find((step) => step > line.event && trace.subject.at(step) === by) ?? -1;
}

/** Who made a task ready for a step: a task's name, 'timer', 'itself', 'program'. */
export function wakerOf(trace: Trace, step: EventIndex): string {
  const callbacks = new Map<Id, Id>();
  for (let i = 0; i < trace.count; i++) {
    if (trace.kind.at(i) === Kind.CALLBACK && trace.how.at(i) !== How.TIMER)
      callbacks.set(trace.subject.at(i), trace.by.at(i));
  }
  let by = trace.by.at(step);
  for (let hops = callbacks.size; hops > 0 && callbacks.has(by); hops--) by = callbacks.get(by) as Id;
  if (trace.timerRow(by) >= 0) return 'timer';
  if (by === trace.subject.at(step)) return 'itself';
  return nameOf(trace, by) || 'program';
}
