/** An event in words: facts for the panel, and a sentence for the narration. Plain functions over a trace. */
import { awaited, cause, duration, ownSite, previousStep, taskLabel } from '../../trace/reason';
import { type EventIndex, How, type Id, Kind, type Trace } from '../../trace/trace';

export interface Fact {
  term: string;
  text: string;
  /** A line of the program to go to. */
  line?: number | undefined;
  /** An event to look at. */
  event?: EventIndex | undefined;
}

export interface Description {
  title: string;
  facts: Fact[];
}

/** An instant of the run's clock: 't = 0.050 s'. */
export function clock(seconds: number): string {
  return `t = ${seconds.toFixed(3)} s`;
}

/** How a step ended: 'waits for sleep(0.05)', 'returned', 'raised ValueError'. */
export function ending(trace: Trace, step: EventIndex): string {
  switch (trace.how[step]) {
    case How.SUSPENDED:
      return `waits for ${awaited(trace, step)}`;
    case How.YIELDED: {
      const what = awaited(trace, step);
      return what === 'sleep(0)' ? 'sleep(0): lets the others go first' : 'lets the others go first';
    }
    case How.RETURNED:
      return 'is done: it returned';
    case How.RAISED:
      return `failed with ${trace.text(trace.aux[step] as number) || 'an exception'}`;
    case How.CANCELLED:
      return 'is cancelled';
    case How.INTERRUPTED:
      return 'was interrupted';
    default:
      return '';
  }
}

/** Everything about one event that the panel shows. */
export function describe(trace: Trace, event: EventIndex): Description {
  const kind = trace.kind[event];
  if (kind === Kind.STEP) return describeStep(trace, event);
  if (kind === Kind.CALLBACK) return describeCallback(trace, event);
  const facts: Fact[] = [{ term: 'When', text: clock(trace.t[event] as number) }];
  const site = trace.sites.get(trace.site[event] as number);
  if (site) facts.push({ term: 'Where', text: `line ${site.line}`, line: site.line });
  return { title: sentence(trace, event), facts };
}

function describeStep(trace: Trace, step: EventIndex): Description {
  const subject = trace.subject[step] as Id;
  const { position, next } = neighbours(trace, step);
  const facts: Fact[] = [];
  const previous = previousStep(trace, step);
  const by = causingStep(trace, step);
  facts.push({ term: 'Why now', text: sentenceCase(cause(trace, step)), event: by });
  facts.push(...timing(trace, step));
  const resumed = previous >= 0 ? ownSite(trace, previous) : undefined;
  if (resumed)
    facts.push({ term: 'Resumed at', text: `line ${resumed.line}`, line: resumed.line, event: previous });
  const site = ownSite(trace, step);
  facts.push({ term: 'Then', text: sentenceCase(ending(trace, step)) + at(site?.line), line: site?.line });
  const wrote = outputs(trace, step);
  if (wrote.length) facts.push({ term: 'Printed', text: wrote.join(' ⏎ ') });
  if (next >= 0) {
    facts.push({
      term: 'Next step',
      text: `${clock(trace.t[next] as number)}, ${duration(gap(trace, step, next))} later: ${cause(trace, next)}`,
      event: next,
    });
  }
  const total = trace.task(subject)?.steps ?? position;
  return { title: `${taskLabel(trace, subject)}: step ${position} of ${total}`, facts };
}

function describeCallback(trace: Trace, event: EventIndex): Description {
  const name = trace.text(trace.aux[event] as number) || 'a callback';
  const why =
    trace.how[event] === How.TIMER
      ? 'Its timer came due'
      : `Scheduled by ${taskLabel(trace, trace.by[event] as Id)}${at(trace.sites.get(trace.site[event] as number)?.line)}`;
  return { title: `${name}: a callback`, facts: [{ term: 'Why now', text: why }, ...timing(trace, event)] };
}

function timing(trace: Trace, event: EventIndex): Fact[] {
  const t = trace.t[event] as number;
  const waited = t - (trace.ready[event] as number);
  const others = ahead(trace, event);
  const queue =
    others === 0 ? 'at once' : `${duration(waited)}, behind ${others} ${others === 1 ? 'other' : 'others'}`;
  const took = (trace.end[event] as number) - t;
  const cpu = trace.cpu[event] as number;
  // Under the virtual clock a step takes no time but what it sleeps away; what it really took is told beside it.
  const really =
    cpu > 0 ? `${took > 0 ? `${duration(took)}; ` : ''}${duration(cpu)} of your processor` : duration(took);
  return [
    { term: 'Ran', text: `${clock(t)}, for ${really}` },
    { term: 'Ready', text: `waited in the ready queue ${queue}` },
  ];
}

/** How many steps and callbacks ran between being put into the ready queue and this event. */
function ahead(trace: Trace, event: EventIndex): number {
  let count = 0;
  for (let i = Math.max(0, trace.readySeq[event] as number); i < event; i++) {
    const kind = trace.kind[i];
    if (kind === Kind.STEP || kind === Kind.CALLBACK) count++;
  }
  // The step in which it was put there is written after that moment, too.
  return Math.max(0, count - 1);
}

/** A step's place among its task's steps (from 1), and the task's next step; -1: none yet. */
function neighbours(trace: Trace, step: EventIndex): { position: number; next: EventIndex } {
  const subject = trace.subject[step];
  let position = 0;
  for (let i = trace.task(subject as Id)?.created ?? 0; i < trace.count; i++) {
    if (trace.kind[i] !== Kind.STEP || trace.subject[i] !== subject) continue;
    if (i > step) return { position, next: i };
    position++;
  }
  return { position, next: -1 };
}

/** The step or callback during which this one was made ready; -1: unknown. */
export function causingStep(trace: Trace, step: EventIndex): EventIndex {
  const by = trace.by[step];
  if (!by) return -1;
  for (let i = Math.max(0, trace.readySeq[step] as number); i < step; i++) {
    const kind = trace.kind[i];
    if ((kind === Kind.STEP || kind === Kind.CALLBACK) && trace.subject[i] === by) return i;
  }
  return -1;
}

/** The step or callback in which something was written; -1: none (the program's top level, or not over yet). */
export function stepAround(trace: Trace, event: EventIndex): EventIndex {
  const kind = trace.kind[event];
  if (kind === Kind.STEP || kind === Kind.CALLBACK) return event;
  const by = trace.by[event];
  if (!by) return -1;
  for (let i = event + 1; i < trace.count; i++) {
    if ((trace.kind[i] === Kind.STEP || trace.kind[i] === Kind.CALLBACK) && trace.subject[i] === by) return i;
  }
  return -1;
}

const SHOWN_LINES = 3;

/** The first lines that a step wrote. */
function outputs(trace: Trace, step: EventIndex): string[] {
  let text = '';
  for (let i = step - 1; i >= 0; i--) {
    const kind = trace.kind[i];
    if (kind === Kind.STEP || kind === Kind.CALLBACK) break;
    if (kind === Kind.OUTPUT && trace.by[i] === trace.subject[step])
      text = trace.text(trace.aux[i] as number) + text;
  }
  const lines = text.replace(/\n$/, '').split('\n').filter(Boolean);
  const shown = lines
    .slice(0, SHOWN_LINES)
    .map((line) => (line.length > 80 ? `${line.slice(0, 80)}…` : line));
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more lines`] : shown;
}

/** One event of the run, in a sentence without its time. */
export function sentence(trace: Trace, event: EventIndex): string {
  const subject = trace.subject[event] as Id;
  const t = trace.t[event] as number;
  const end = trace.end[event] as number;
  switch (trace.kind[event]) {
    case Kind.STEP: {
      const previous = previousStep(trace, event);
      const from = previous >= 0 ? ownSite(trace, previous) : undefined;
      const begin = previous < 0 ? 'starts' : `resumes${from ? ` at line ${from.line}` : ''}`;
      const wrote = outputs(trace, event).map((line) => `“${line}”`);
      const prints = wrote.length ? ` It prints ${wrote.join(', ')}.` : '';
      const took = end > t ? ` It runs for ${duration(end - t)}.` : '';
      const then = ending(trace, event);
      const site =
        trace.how[event] === How.SUSPENDED || trace.how[event] === How.YIELDED
          ? ownSite(trace, event)
          : undefined;
      return `${taskLabel(trace, subject)} ${begin}: ${cause(trace, event)}.${prints}${took}${then ? ` It ${then}${at(site?.line)}.` : ''}`;
    }
    case Kind.CALLBACK: {
      const name = trace.text(trace.aux[event] as number) || 'a callback';
      return trace.how[event] === How.TIMER ? `A timer comes due: ${name}.` : `The loop calls ${name}.`;
    }
    case Kind.TASK:
      return `${taskLabel(trace, subject)} is created.`;
    case Kind.OUTPUT:
      return `The program prints “${trace.text(trace.aux[event] as number).trimEnd()}”.`;
    case Kind.IDLE:
      return `The loop waits for ${duration(end - t)}: nothing is ready.`;
    case Kind.CANCEL:
      return `${sentenceCase(taskLabel(trace, trace.by[event] as Id))} asks ${taskLabel(trace, subject)} to cancel${at(trace.sites.get(trace.site[event] as number)?.line)}.`;
    case Kind.EXIT:
      return exitSentence(trace, event);
    default:
      return '';
  }
}

function exitSentence(trace: Trace, event: EventIndex): string {
  const code = trace.aux[event] as number;
  if (trace.how[event] === How.STOPPED) return 'The program was stopped.';
  if (trace.how[event] === How.FAILED) return 'The program ended with an exception.';
  return code ? `The program ended with exit code ${code}.` : 'The program ended.';
}

function gap(trace: Trace, from: EventIndex, to: EventIndex): number {
  return (trace.t[to] as number) - (trace.end[from] as number);
}

function at(line: number | undefined): string {
  return line === undefined ? '' : `, line ${line}`;
}

function sentenceCase(text: string): string {
  return text &&
    /^(its?|it|woken|created|started|scheduled|waits|sleep|lets|is|failed|was|outside|a) ?/.test(text)
    ? text[0]?.toUpperCase() + text.slice(1)
    : text;
}
