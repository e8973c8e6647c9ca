/** Events in sentences. Plain functions over a trace; see also ../../trace/reason.ts. */
import { awaited, cause, duration, ownSite, previousStep, taskLabel } from '../../trace/reason';
import { type EventIndex, How, Kind, type Seconds, type Trace } from '../../trace/trace';

/** An instant of the run's clock: 't = 0.050 s'. */
export function clock(t: Seconds): string {
  return `t = ${t.toFixed(3)} s`;
}

/** How a step ended: 'waits for sleep(0.05)', 'returns', 'fails with ValueError'. */
export function ending(trace: Trace, step: EventIndex): string {
  switch (trace.how.at(step)) {
    case How.SUSPENDED:
      return `waits for ${awaited(trace, step) || 'something unknown'}`;
    case How.YIELDED:
      return awaited(trace, step) === 'sleep(0)' ? 'yields with sleep(0)' : 'yields';
    case How.RETURNED:
      return 'returns: the task is done';
    case How.RAISED:
      return `fails with ${trace.text(trace.aux.at(step)) || 'an exception'}`;
    case How.CANCELLED:
      return 'is cancelled';
    case How.INTERRUPTED:
      return 'is interrupted';
    default:
      return '';
  }
}

/** Name of a callback, as short as it stays clear. */
export function callbackName(trace: Trace, event: EventIndex): string {
  return trace.text(trace.aux.at(event)).replaceAll('<locals>.', '') || 'a callback without a name';
}

/** Why a step or callback ran when it did. */
export function why(trace: Trace, event: EventIndex): string {
  const by = trace.by.at(event);
  if (by && by !== trace.subject.at(event) && !trace.task(by) && !trace.timer(by) && !trace.via.at(event)) {
    const callback = causingRun(trace, event);
    if (callback >= 0) return `woken by the callback ${callbackName(trace, callback)}`;
  }
  return cause(trace, event);
}

/** The step or callback during which this one was made ready; -1: unknown. */
export function causingRun(trace: Trace, event: EventIndex): EventIndex {
  const by = trace.by.at(event);
  if (!by) return -1;
  for (let i = Math.max(0, trace.readySeq.at(event)); i < event; i++) {
    if (isRunRow(trace, i) && trace.subject.at(i) === by) return i;
  }
  return -1;
}

/** The step or callback in which something was written; -1: the program's top level, or a step that is not over. */
export function runAround(trace: Trace, event: EventIndex): EventIndex {
  if (isRunRow(trace, event)) return event;
  const by = trace.by.at(event);
  if (!by) return -1;
  for (let i = event + 1; i < trace.count; i++) {
    if (isRunRow(trace, i) && trace.subject.at(i) === by) return i;
  }
  return -1;
}

function isRunRow(trace: Trace, event: EventIndex): boolean {
  const kind = trace.kind.at(event);
  return kind === Kind.STEP || kind === Kind.CALLBACK;
}

/** The line on which a step began: where its task was suspended, or its coroutine's first line. */
export function beginLine(trace: Trace, step: EventIndex): number | undefined {
  const previous = previousStep(trace, step);
  if (previous >= 0) return ownSite(trace, previous)?.line;
  const task = trace.task(trace.subject.at(step));
  const outermost = trace.chains.get(trace.chain.at(task?.created ?? -1))?.sites[0];
  const code = trace.codes.get(trace.sites.get(outermost ?? 0)?.code ?? 0);
  return code?.own ? code.firstLine : undefined;
}

/** What a program wrote, and not what was typed for it. */
function isPrint(trace: Trace, event: EventIndex): boolean {
  return trace.kind.at(event) === Kind.OUTPUT && trace.how.at(event) !== How.ECHO;
}

/** Lines that a step was given by `input()`. */
export function typed(trace: Trace, step: EventIndex): string[] {
  const lines: string[] = [];
  for (let i = step - 1; i >= 0 && !isRunRow(trace, i); i--) {
    if (trace.kind.at(i) === Kind.OUTPUT && !isPrint(trace, i) && trace.by.at(i) === trace.subject.at(step))
      lines.push(...textOf(trace, i).split('\n').filter(Boolean).map(quoted).reverse());
  }
  return lines.reverse();
}

function textOf(trace: Trace, event: EventIndex): string {
  return trace.text(trace.aux.at(event));
}

function quoted(line: string): string {
  return line.length > SHOWN_LETTERS ? `“${line.slice(0, SHOWN_LETTERS)}…”` : `“${line}”`;
}

const SHOWN_LINES = 3;
const SHOWN_LETTERS = 80;

/** The first lines that a step wrote; a last item tells how many more there were. */
export function printed(trace: Trace, step: EventIndex): string[] {
  const parts: string[] = [];
  for (let i = step - 1; i >= 0 && !isRunRow(trace, i); i--) {
    if (isPrint(trace, i) && trace.by.at(i) === trace.subject.at(step)) {
      parts.push(trace.text(trace.aux.at(i)));
    }
  }
  const lines = parts.reverse().join('').split('\n').filter(Boolean);
  const shown = lines.slice(0, SHOWN_LINES).map(quoted);
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `${more.toLocaleString('en')} more`] : shown;
}

/** One event of the run, in a sentence or a few, without its time. */
export function sentence(trace: Trace, event: EventIndex): string {
  const subject = trace.subject.at(event);
  const length = trace.end.at(event) - trace.t.at(event);
  switch (trace.kind.at(event)) {
    case Kind.STEP:
      return stepSentence(trace, event, length);
    case Kind.CALLBACK: {
      const reason = trace.how.at(event) === How.TIMER ? 'its timer came due' : cause(trace, event);
      return `The loop calls ${callbackName(trace, event)}: ${reason}.`;
    }
    case Kind.TASK:
      return `${taskLabel(trace, subject)} is created.`;
    case Kind.OUTPUT:
      return isPrint(trace, event)
        ? `The program prints “${textOf(trace, event).trimEnd()}”.`
        : `The program reads “${textOf(trace, event).trimEnd()}”.`;
    case Kind.IDLE:
      return `Nothing is ready: the loop waits for ${duration(length)}.`;
    case Kind.CANCEL: {
      const by = trace.by.at(event);
      const who = trace.task(by) ? taskLabel(trace, by) : trace.timer(by) ? 'A timer' : 'The loop';
      const asks = trace.how.at(event) === How.WITHDRAWN ? 'no longer asks' : 'asks';
      return `${who} ${asks} ${taskLabel(trace, subject)} to cancel${atLine(lineOfCause(trace, event))}.`;
    }
    case Kind.EXIT:
      return exitSentence(trace, event);
    default:
      return '';
  }
}

function stepSentence(trace: Trace, step: EventIndex, length: Seconds): string {
  const how = trace.how.at(step);
  const line = beginLine(trace, step);
  const first = previousStep(trace, step) < 0;
  const begin = first ? 'starts' : `resumes${line === undefined ? '' : ` at line ${line}`}`;
  const wrote = printed(trace, step);
  const did: string[] = [];
  if (wrote.length) did.push(`prints ${wrote.join(', ')}`);
  const read = typed(trace, step);
  if (read.length) did.push(`reads ${read.join(', ')}`);
  if (length > 0) did.push(`runs for ${duration(length)}`);
  const then = ending(trace, step);
  const site = how === How.SUSPENDED || how === How.YIELDED ? ownSite(trace, step) : undefined;
  if (then) did.push(then + atLine(site?.line));
  const rest = did.length
    ? ` It ${did.length > 1 ? `${did.slice(0, -1).join(', ')} and ${did.at(-1)}` : did[0]}.`
    : '';
  return `${taskLabel(trace, trace.subject.at(step))} ${begin}: ${why(trace, step)}.${rest}`;
}

function exitSentence(trace: Trace, event: EventIndex): string {
  const code = trace.aux.at(event);
  if (trace.how.at(event) === How.STOPPED) return 'The program is stopped.';
  if (trace.how.at(event) === How.FAILED) return 'The program ends with an exception.';
  return code ? `The program ends with exit code ${code}.` : 'The program ends.';
}

export function lineOfCause(trace: Trace, event: EventIndex): number | undefined {
  return trace.sites.get(trace.site.at(event))?.line;
}

export function atLine(line: number | undefined): string {
  return line === undefined ? '' : `, line ${line}`;
}
