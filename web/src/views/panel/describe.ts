/** An event as facts for the panel. A plain function over a run's tracks. */
import { dueBefore } from '../../trace/due';
import { effects, effectWords } from '../../trace/effects';
import { askedFor, raised } from '../../trace/errors';
import { framesOf } from '../../trace/frames';
import { isClosing } from '../../trace/narrate';
import { isHousekeeping } from '../../trace/own';
import { at, duration, lineOf, listed, ownSite, previousStep, taskLabel } from '../../trace/reason';
import { isRun } from '../../trace/runs';
import { countUpTo } from '../../trace/search';
import { type EventIndex, How, Kind, type Trace } from '../../trace/trace';
import type { Tracks } from '../../trace/tracks';
import {
  beginLine,
  callbackName,
  causingRun,
  clock,
  endingThere,
  printed,
  sentence,
  typed,
  why,
} from './words';

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

export function describe(tracks: Tracks, event: EventIndex): Description {
  const { trace } = tracks;
  switch (trace.kind.at(event)) {
    case Kind.STEP:
      return describeStep(tracks, event);
    case Kind.CALLBACK: {
      const due = trace.how.at(event) === How.TIMER;
      const reason = due ? 'its timer came due' : why(trace, event);
      const facts: Fact[] = [
        { term: 'What', text: sentence(trace, event) },
        because(reason, causingRun(trace, event)),
        ...timing(tracks, event),
      ];
      return { title: `${callbackName(trace, event)}: a callback`, facts };
    }
    case Kind.TASK:
      return describeTask(tracks, event);
    default: {
      const line = lineOf(trace, event);
      const facts: Fact[] = [{ term: 'When', text: clock(trace.t.at(event)) }];
      if (line !== undefined) facts.push({ term: 'Where', text: `line ${line}`, line });
      return { title: sentence(trace, event) || done(trace, event), facts };
    }
  }
}

/** What was done, and by whom. */
function done(trace: Trace, event: EventIndex): string {
  const by = trace.by.at(event);
  const who = trace.task(by) ? taskLabel(trace, by) : by ? 'A callback' : 'The program';
  const what = effectWords(trace, event);
  return what && `${who} ${what}.`;
}

/** What is running now; undefined: nothing is. */
export function describePresent(tracks: Tracks): Description | undefined {
  const { trace } = tracks;
  const { subject, since } = trace.running;
  if (!subject) return undefined;
  const steps = tracks.stepsOf(tracks.trackOf(subject)).length;
  const lasted = trace.now - since;
  const title = trace.task(subject) ? `${taskLabel(trace, subject)}, step ${steps + 1}` : 'A callback';
  const so = lasted > 0 ? `, for ${duration(lasted)} so far` : '';
  const facts: Fact[] = [{ term: 'Runs', text: `Since ${clock(since)}${so}: nobody else gets a turn` }];
  const last = trace.task(subject)?.lastStep ?? -1;
  const line = last < 0 ? undefined : ownSite(trace, last)?.line;
  if (line !== undefined) facts.push({ term: 'Resumed at', text: `line ${line}`, line });
  return { title, facts };
}

function describeStep(tracks: Tracks, step: EventIndex): Description {
  const { trace } = tracks;
  const subject = trace.subject.at(step);
  const steps = tracks.stepsOf(tracks.trackOf(subject));
  const position = countUpTo(steps, step);
  const facts: Fact[] = [
    because(why(trace, step), causingRun(trace, step)),
    ...late(tracks, step),
    ...timing(tracks, step),
  ];
  if (isClosing(trace, step)) facts.unshift({ term: 'What', text: sentence(trace, step) });
  const from = beginLine(trace, step);
  const previous = previousStep(trace, step);
  if (from !== undefined) {
    facts.push({ term: previous < 0 ? 'Starts at' : 'Resumes at', text: `line ${from}`, line: from });
  }
  const wrote = printed(trace, step);
  if (wrote.length) facts.push({ term: 'Prints', text: wrote.join(', ') });
  const read = typed(trace, step);
  if (read.length) facts.push({ term: 'Reads', text: read.join(', ') });
  const did = effects(trace, step);
  if (did.length) facts.push({ term: 'Does', text: capital(did.join('; ')) });
  const site = ownSite(trace, step);
  facts.push({ term: 'Then', text: capital(endingThere(trace, step)), line: site?.line });
  facts.push(...standing(trace, step), ...failure(trace, step));
  const next = steps[position];
  if (next !== undefined) facts.push(nextStep(trace, trace.end.at(step), next));
  return { title: `${taskLabel(trace, subject)}, step ${position} of ${steps.length}`, facts };
}

/** The await chain of a step that suspended: every frame with its line, and that `await` itself needs no loop. */
function standing(trace: Trace, step: EventIndex): Fact[] {
  const how = trace.how.at(step);
  if (how !== How.SUSPENDED && how !== How.YIELDED) return [];
  const frames = framesOf(trace, step);
  const own = frames.filter((frame) => frame.own);
  if (own.length < 2) return [];
  const facts: Fact[] = frames.map(({ name, line }, k) => ({
    term: k === 0 ? 'Await chain' : '',
    text: `${k === 0 ? '' : '→ '}${name}${line === undefined ? '' : `, line ${line}`}`,
    line,
  }));
  const direct = listed([...new Set(own.slice(1).map(({ name }) => name))]);
  const runs = own.length > 2 ? 'run' : 'runs';
  const text = `Not by the loop: ${direct} ${runs} inside ${taskLabel(trace, trace.subject.at(step))}, as a part of it. Only the innermost await gave control back.`;
  return [...facts, { term: 'Awaited', text }];
}

/** Of a step that failed: who asked for the exception. Not every way to it is told: `await` of a task that is over is none. */
function failure(trace: Trace, step: EventIndex): Fact[] {
  if (!raised(trace, step) || trace.kind.at(step) !== Kind.STEP) return [];
  const asked = askedFor(trace, trace.subject.at(step), step);
  if (!asked) return [{ term: 'Exception', text: 'Kept in the task, for whoever awaits it' }];
  const who = asked.by && trace.task(asked.by) ? taskLabel(trace, asked.by) : '';
  const by = asked.through
    ? asked.through
    : asked.line === undefined && who
      ? `${who}, which awaited it`
      : who;
  return [
    {
      term: 'Exception',
      text: `Passed on to ${by || 'the program'}${at(asked.line)}`,
      line: asked.line,
      event: asked.event,
    },
  ];
}

/** A step whose timer came due while the loop was busy: since when, and with what. */
function late({ trace, scale }: Tracks, step: EventIndex): Fact[] {
  const due = dueBefore(trace, scale.runs, previousStep(trace, step), trace.t.at(step));
  if (!due) return [];
  const behind = duration(trace.t.at(step) - due.when);
  const text = `Was due at ${clock(due.when)}, ran ${behind} late: ${taskLabel(trace, trace.subject.at(due.busy))} kept the loop busy`;
  return [{ term: 'Timer', text, event: due.busy }];
}

function describeTask(tracks: Tracks, event: EventIndex): Description {
  const { trace } = tracks;
  const subject = trace.subject.at(event);
  const line = lineOf(trace, event);
  const by = trace.by.at(event);
  const facts: Fact[] = [
    { term: 'By', text: by ? taskLabel(trace, by) + at(line) : `the program${at(line)}`, line },
    { term: 'When', text: clock(trace.t.at(event)) },
  ];
  const first = tracks.stepsOf(tracks.trackOf(subject))[0];
  if (first !== undefined) facts.push(nextStep(trace, trace.t.at(event), first));
  return { title: `${taskLabel(trace, subject)} is created, and ready to start`, facts };
}

function because(reason: string, event: EventIndex): Fact {
  return { term: 'Why now', text: capital(reason), event };
}

function nextStep(trace: Trace, from: number, next: EventIndex): Fact {
  const later = trace.t.at(next) - from;
  const when = later > 0 ? `${duration(later)} later, ${clock(trace.t.at(next))}` : 'at the same instant';
  return { term: 'Next step', text: `${capital(when)}: ${why(trace, next)}`, event: next };
}

function timing(tracks: Tracks, event: EventIndex): Fact[] {
  const { trace } = tracks;
  const t = trace.t.at(event);
  const took = trace.end.at(event) - t;
  const cpu = trace.cpu.at(event);
  // Under the virtual clock a step takes no time but what it sleeps away: the time it really took stands beside it.
  const ran = [
    took > 0 ? `for ${duration(took)}` : '',
    cpu > 0 ? `${duration(cpu)} of real work` : '',
  ].filter(Boolean);
  const facts: Fact[] = [{ term: 'Ran', text: [clock(t), ...ran].join(', ') }];
  const waited = Math.max(0, t - trace.ready.at(event));
  const long = waited > 0 ? ` for ${duration(waited)}` : '';
  const before = listed(ahead(trace, event));
  const behind = before ? ` behind ${before}` : '';
  const queued = long || behind ? `Stood in the ready queue${long}${behind}` : 'Ran as soon as it was ready';
  return [...facts, { term: 'Queue', text: queued }];
}

/** Who ran between a handle's becoming ready and its turn: who stood before it in the ready queue. */
function ahead(trace: Trace, event: EventIndex): string[] {
  const names: string[] = [];
  const waker = causingRun(trace, event);
  for (let row = Math.max(0, trace.readySeq.at(event)); row < event; row++) {
    if (row === waker || !isRun(trace, row) || isHousekeeping(trace, row)) continue;
    names.push(
      trace.kind.at(row) === Kind.STEP ? taskLabel(trace, trace.subject.at(row)) : callbackName(trace, row),
    );
  }
  return [...new Set(names)];
}

function capital(text: string): string {
  return /^(its?|woken|created|creates|started|cancelled|waits|yields|returns|fails|is|a|at|makes|sets|takes|puts|releases|hands|wakes|asks|cancels|comes|marks|arms|clears|does)\b/.test(
    text,
  )
    ? (text[0] as string).toUpperCase() + text.slice(1)
    : text;
}
