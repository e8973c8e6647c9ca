/**
 * The run in sentences: one event each, and all of them. Plain functions over a trace.
 *
 * Long, because a sentence for each kind of event makes one voice; what is told of a single matter stands beside it.
 */

import { cancelSentence } from './cancels';
import { callbackName, cause, causingRun, endHeard, HEARS, LIMITS, otherEndHeard, taskEnd } from './cause';
import { counted } from './counted';
import { busyBefore, isLate } from './due';
import { deeds } from './effects';
import { raised } from './errors';
import { placeWords } from './frames';
import { isHousekeeping } from './own';
import { pathLinks } from './path';
import { oneLine } from './plain';
import { isPrint, linesOf } from './prints';
import {
  at,
  awaited,
  cancelBefore,
  duration,
  lineOf,
  ownSite,
  previousStep,
  stateThere,
  taskLabel,
  timerById,
  timerLength,
} from './reason';
import { isRun } from './runs';
import { type EventIndex, Flag, How, type Id, Kind, type Seconds, type Trace } from './trace';
import { isOfTransport, isTaskOfTransport, origin } from './transports';

/** An instant of the run's clock: 't = 0.050 s'. */
export function clock(t: Seconds, digits = 3): string {
  return `t = ${t.toFixed(digits)} s`;
}

/** Digits that tell instants of a list apart, three at least. */
export function decimals(times: readonly Seconds[]): number {
  let least = 1e-3;
  for (let k = 1; k < times.length; k++) {
    const apart = Math.abs((times[k] as Seconds) - (times[k - 1] as Seconds));
    if (apart > 0) least = Math.min(least, apart);
  }
  // Nothing finer than a microsecond is a clock's to tell.
  return Math.min(6, Math.ceil(-Math.log10(least) - 1e-6));
}

/** How a step ended: 'waits for sleep(0.05)', 'returns', 'fails with ValueError'. Without its line. */
export function ending(trace: Trace, step: EventIndex): string {
  switch (trace.how.at(step)) {
    case How.SUSPENDED:
      return `waits for ${awaited(trace, step) || 'something unknown'}`;
    case How.YIELDED:
      return awaited(trace, step) === 'sleep(0)' ? 'yields with sleep(0)' : 'yields';
    case How.RETURNED:
      return swallowed(trace, step)
        ? 'returns as if nobody had asked it to cancel: the task is done'
        : 'returns: the task is done';
    case How.RAISED:
      return `fails with ${raised(trace, step)?.text ?? 'an exception'}`;
    case How.CANCELLED:
      return 'is cancelled';
    case How.INTERRUPTED:
      return `is ended by ${raised(trace, step)?.text ?? 'an interrupt'}`;
    default:
      return '';
  }
}

/** Whether a task was told to cancel at this step's begin, and its request neither ended it nor was taken back. */
function swallowed(trace: Trace, step: EventIndex): boolean {
  const cancel = cancelBefore(trace, step);
  if (cancel < 0 || previousStep(trace, step) < 0) return false;
  return !withdrawnIn(trace, step);
}

/** Whether a request to cancel a task was taken back during a step of it. */
function withdrawnIn(trace: Trace, step: EventIndex): boolean {
  for (let i = step - 1; i >= 0 && !isRunRow(trace, i); i--) {
    if (
      trace.kind.at(i) === Kind.CANCEL &&
      trace.how.at(i) === How.WITHDRAWN &&
      trace.subject.at(i) === trace.subject.at(step)
    )
      return true;
  }
  return false;
}

/** How a step ended, with its place, and for a failure with the way it went. */
export function endingThere(trace: Trace, step: EventIndex): string {
  const words = ending(trace, step);
  const how = trace.how.at(step);
  if (how === How.SUSPENDED || how === How.YIELDED) {
    const place = placeWords(trace, step, 'awaited');
    const state = stateThere(trace, step);
    const after = state.startsWith(',') ? state : '';
    return `${words.slice(0, words.length - after.length)}${place ? ` at ${place}` : ''}${after}`;
  }
  const error = raised(trace, step);
  if (!error) return words;
  const place = placeWords(trace, step, 'called');
  const where = error.from
    ? `, raised by ${taskLabel(trace, error.from)}${place ? ` and not caught at ${place}` : ''}`
    : place
      ? `, raised at ${place}`
      : '';
  const parts = error.parts.map(({ text, from }) => text + (from ? ` from ${taskLabel(trace, from)}` : ''));
  const within = parts.length ? `: in it ${parts.join(' and ')}` : '';
  const stops = how === How.INTERRUPTED ? ', which stops the loop' : '';
  return `${words}${where}${within}${stops}`;
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
  if (!task) return undefined;
  const outermost = trace.chains.get(trace.chain.at(task.created))?.sites[0];
  const code = trace.codes.get(trace.sites.get(outermost ?? 0)?.code ?? 0);
  return code?.own ? code.firstLine : undefined;
}

/** One event of the run, in a sentence or a few, without its time. */
export function sentence(trace: Trace, event: EventIndex): string {
  const subject = trace.subject.at(event);
  const length = trace.end.at(event) - trace.t.at(event);
  switch (trace.kind.at(event)) {
    case Kind.STEP:
      return isClosing(trace, event) ? CLOSING : stepSentence(trace, event);
    case Kind.CALLBACK:
      return callbackSentence(trace, event);
    case Kind.TASK:
      return `${taskLabel(trace, subject)} is created.`;
    case Kind.OUTPUT:
      return `The program ${isPrint(trace, event) ? 'prints' : 'reads'} ${listing(linesOf(trace, [event]))}.`;
    case Kind.IDLE:
      return idleSentence(trace, event, length);
    case Kind.CANCEL:
      return cancelSentence(trace, event);
    case Kind.EXIT:
      return exitSentence(trace, event);
    default:
      return '';
  }
}

const CLOSING =
  'asyncio.run closes its loop, in steps of its own: it ends asynchronous generators that were left open, and the default executor.';
const CLOSERS = /(^|\.)shutdown_(asyncgens|default_executor)$/;

/** Whether a step is of a task with which asyncio.run closes its loop. */
export function isClosing(trace: Trace, step: EventIndex): boolean {
  const task = trace.task(trace.subject.at(step));
  if (!task || !CLOSERS.test(task.coroutine)) return false;
  return (trace.flags.at(task.created) & Flag.LIBRARY) !== 0;
}

function stepSentence(trace: Trace, step: EventIndex): string {
  const first = previousStep(trace, step) < 0;
  const begin = first ? 'starts' : `resumes${at(beginLine(trace, step))}`;
  const did = deeds(trace, step);
  const then = endingThere(trace, step);
  if (then) did.push(then);
  const rest = did.length ? ` It ${listing(did)}.` : '';
  const who = taskLabel(trace, trace.subject.at(step));
  return `${who} ${begin}: ${cause(trace, step)}.${lateness(trace, step)}${rest}`;
}

/** A timer that comes later than this without anybody's doing is worth a word: clocks, and pages out of sight, are slow. */
const SLOW: Seconds = 0.01;

/** How late a step or callback came: ' It was due 180 ms before; the loop was busy with hog.' */
function lateness(trace: Trace, run: EventIndex): string {
  const t = trace.t.at(run);
  const ready = trace.ready.at(run);
  const due = Math.min(dueAt(trace, run) ?? ready, ready);
  if (!isLate(due, t)) return '';
  const busy = busyBefore(trace, run, due);
  if (busy < 0 && due < ready && t - due < SLOW) return '';
  if (busy < 0 && beganAfter(trace, run, due))
    return ` It was ${due < ready ? 'due' : 'ready'} ${duration(t - due)} before; its loop did not run.`;
  const hog =
    busy < 0
      ? ''
      : trace.kind.at(busy) === Kind.STEP
        ? taskLabel(trace, trace.subject.at(busy))
        : callbackName(trace, busy).replace(/^_run_job$/, 'the job');
  return ` It was ${due < ready ? 'due' : 'ready'} ${duration(t - due)} before${hog && `; the loop was busy with ${hog}`}.`;
}

/** Whether the loop of a run began to run after a moment. */
function beganAfter(trace: Trace, run: EventIndex, when: Seconds): boolean {
  let i = run - 1;
  while (i >= 0 && (trace.kind.at(i) !== Kind.LOOP || trace.how.at(i) !== How.BEGIN)) i--;
  return i >= 0 && trace.t.at(i) > when;
}

/** When a timer's callback was due; and whoever it woke, where that callback has no sentence. */
function dueAt(trace: Trace, run: EventIndex): Seconds | undefined {
  const step = trace.kind.at(run) === Kind.STEP;
  const timer = timerById(trace, step ? trace.by.at(run) : trace.subject.at(run));
  if (!timer || (step && callbackName(trace, timer.armed) !== '_set_result_unless_cancelled'))
    return undefined;
  return timer.when;
}

/** 'a', 'a and b', 'a, b and c'. */
function listing(parts: readonly string[]): string {
  return [parts.slice(0, -1).join(', '), parts.at(-1) ?? ''].filter(Boolean).join(' and ');
}

/** What asyncio's callbacks do that nobody but asyncio waits for. */
const HOUSEKEEPING: Readonly<Record<string, string>> = {
  'Runner._on_sigint.<lambda>': 'The loop is woken by an interrupt.',
  'shield._clear_awaited_by_callback': 'asyncio notes that what shield protected is done.',
  _log_on_exception: 'asyncio looks whether what shield protected failed unseen.',
  _timers_first: 'Timers that came due while the job ran have their turn before its result.',
  _job_done: 'The job’s result is handed on, if anybody still waits for it.',
};

function callbackSentence(trace: Trace, event: EventIndex): string {
  const did = deeds(trace, event);
  const how = trace.how.at(event);
  const error = raised(trace, event);
  // Where there is a row of it, it is among what was done: what asyncio prints of it comes after it.
  if (how === How.RAISED && error && error.event < 0) did.push(`fails with ${error.text}`);
  if (how === How.INTERRUPTED) did.push(`${ending(trace, event)}, which stops the loop`);
  return `${callbackWords(trace, event)}${lateness(trace, event)}${did.length ? ` It ${listing(did)}.` : ''}`;
}

function callbackWords(trace: Trace, event: EventIndex): string {
  const name = callbackName(trace, event);
  const by = trace.by.at(event);
  const timer = timerById(trace, trace.subject.at(event));
  if (timer) {
    const line = at(lineOf(trace, timer.armed));
    const length = timerLength(trace, timer);
    const set = line && ` set${line}`;
    if (name === 'Timeout._on_timeout') return `The timeout of ${length}${set} is over.`;
    if (LIMITS.has(name)) return `The time limit of ${length}${set} is over.`;
    const armed = trace.task(by) ? `that ${taskLabel(trace, by)} armed${line}` : `armed${line}`;
    const calls = name === '_set_result_unless_cancelled' ? '' : `: the loop calls ${name}`;
    return `A timer of ${length} ${armed} comes due${calls}.`;
  }
  const ended = endHeard(trace, event);
  if (name === '_run_until_complete_cb')
    return ended ? `The loop stops: ${taskEnd(trace, ended)}.` : 'The loop stops.';
  const who = HEARS[name];
  if (who && ended) {
    const told = who === 'gather' && isOfRun(trace, event, ended) ? 'asyncio.run' : capital(who);
    return `${told} hears that ${taskEnd(trace, ended)}.`;
  }
  if (who) return `${capital(who)} ${otherEndHeard(trace, event)}.`;
  if (name === SHIELD_DONE) return shieldDone(trace, event);
  if (HOUSEKEEPING[name]) return HOUSEKEEPING[name];
  if (name === '_run_job')
    return `The loop runs a job for ${taskLabel(trace, by)}${at(lineOf(trace, event))}.`;
  if (isOfTransport(name)) return transportWords(trace, event);
  if (origin(trace, event)) return `The loop calls ${name}, for a connection.`;
  const caller = trace.task(by)
    ? `${taskLabel(trace, by)} scheduled it${at(lineOf(trace, event))}`
    : cause(trace, event);
  return `The loop calls ${name}: ${caller}.`;
}

/** What a callback of a transport's own is about, which is told where it did what the program can see. */
function transportWords(trace: Trace, event: EventIndex): string {
  const name = callbackName(trace, event);
  const from = origin(trace, event);
  const by = from ? from.by : trace.by.at(event);
  const who = trace.task(by) ? taskLabel(trace, by) : '';
  const line = at(lineOf(trace, from?.by ? from.event : event));
  if (name.endsWith('._call_connection_lost'))
    return who ? `${who} closed a connection${line}.` : 'A connection is closed.';
  if (name.endsWith('._read_ready'))
    return who ? `What ${who} sent${line} comes.` : 'Something comes through a connection.';
  return 'asyncio looks after a connection.';
}

const SHIELD_DONE = 'shield._outer_done_callback';

/** asyncio calls it when shield was cancelled, and when it hears that what it protects is done. */
function shieldDone(trace: Trace, event: EventIndex): string {
  return isShieldEnded(trace, event)
    ? 'asyncio notes that shield is done.'
    : 'Nobody waits for shield any longer; what it protects goes on.';
}

function isShieldEnded(trace: Trace, event: EventIndex): boolean {
  const run = causingRun(trace, event);
  return run >= 0 && callbackName(trace, run) === 'shield._inner_done_callback';
}

function capital(who: string): string {
  return who.startsWith('the ') ? `T${who.slice(1)}` : who;
}

/** Whether a gather is the one with which asyncio.run waits for what it cancelled: the last to hear of each. */
function isOfRun(trace: Trace, event: EventIndex, task: Id): boolean {
  let closing = false;
  for (let i = event - 1; i >= 0 && !closing; i--)
    closing =
      trace.kind.at(i) === Kind.CANCEL && trace.how.at(i) === How.BY_RUN && trace.subject.at(i) === task;
  if (!closing) return false;
  const name = trace.aux.at(event);
  for (let i = event + 1; i < trace.count; i++)
    if (trace.kind.at(i) === Kind.CALLBACK && trace.by.at(i) === task && trace.aux.at(i) === name)
      return false;
  return true;
}

function idleSentence(trace: Trace, event: EventIndex, length: Seconds): string {
  const waits = length > 0 ? `waits for ${duration(length)}` : 'waits';
  const stopped = isStop(trace, event - 1);
  const until = stopped ? ', until an interrupt comes' : ', until it is woken from outside';
  return `Nothing is ready: the loop ${waits}${trace.how.at(event) === How.OUTSIDE ? until : ''}.`;
}

/** Whether a row is of an interrupt's request to cancel: it came while the loop waited, whose row is written after it. */
function isStop(trace: Trace, row: EventIndex): boolean {
  return trace.kind.at(row) === Kind.CANCEL && trace.how.at(row) === How.BY_STOP;
}

function exitSentence(trace: Trace, event: EventIndex): string {
  const code = trace.aux.at(event);
  if (trace.how.at(event) === How.STOPPED) return 'The program is stopped.';
  if (trace.how.at(event) === How.FAILED) return 'The program ends with an exception.';
  return code ? `The program ends with exit code ${code}.` : 'The program ends.';
}

/** Whether an event gets a sentence of its own. `lastRun`: the last step or callback that is over. */
function isTold(trace: Trace, event: EventIndex, lastRun: EventIndex): boolean {
  switch (trace.kind.at(event)) {
    case Kind.OUTPUT:
      // What a run prints is told in its sentence, once it has one.
      return trace.by.at(event) === 0 || event > lastRun;
    case Kind.STEP:
      if (isTaskOfTransport(trace, trace.subject.at(event))) return trace.how.at(event) === How.RAISED;
      return !isClosing(trace, event) || isFirstClosing(trace, event);
    case Kind.CALLBACK:
      // The step that a timer woke tells of it; so does what comes after a loop's stop.
      if (trace.how.at(event) === How.RAISED || trace.how.at(event) === How.INTERRUPTED) return true;
      return !isHousekeeping(trace, event) && (!isUnseen(trace, event) || deeds(trace, event).some(isSeen));
    case Kind.CANCEL:
      // Who asked tells it in its own sentence; who was no task and no callback has none.
      return trace.how.at(event) !== How.WITHDRAWN && trace.by.at(event) === 0;
    case Kind.IDLE:
    case Kind.EXIT:
      return true;
    default:
      return false;
  }
}

/** Whether a callback is asyncio's own, and told only for what it did that the program can see. */
function isUnseen(trace: Trace, event: EventIndex): boolean {
  const name = callbackName(trace, event);
  if (isOfTransport(name) || HOUSEKEEPING[name]) return true;
  if (name === SHIELD_DONE) return isShieldEnded(trace, event);
  return HEARS[name] !== undefined && isTaskOfTransport(trace, trace.by.at(event));
}

/** Whether something that a callback of asyncio's own did is told nowhere else: whom it creates starts soon. */
function isSeen(deed: string): boolean {
  return !deed.startsWith('creates ');
}

/** Nothing of the program comes between the steps with which a loop is closed. */
function isFirstClosing(trace: Trace, step: EventIndex): boolean {
  for (let i = step - 1; i >= 0; i--) {
    if (trace.kind.at(i) === Kind.STEP) return !isClosing(trace, i);
  }
  return true;
}

/**
 * The first `limit` events that are told from a row on, which begins a run, see `startBefore`. Eager steps, which are over
 * before the step that made them is, come after it.
 */
export function told(
  trace: Trace,
  limit: number,
  from: EventIndex = 0,
): { events: EventIndex[]; more: boolean } {
  const events: EventIndex[] = [];
  let inside: EventIndex[] = [];
  let interrupts: EventIndex[] = [];
  const last = lastRun(trace);
  for (let i = from; i < trace.count && events.length <= limit; i++) {
    if (trace.kind.at(i) === Kind.STEP && !isRun(trace, i)) {
      inside.push(i);
      continue;
    }
    if (isTold(trace, i, last)) {
      // An interrupt comes while something runs, and after it in the story; or while the loop waits, whose row is written
      // after it.
      const stop = isStop(trace, i);
      const waited = trace.kind.at(i) === Kind.IDLE && isStop(trace, events.at(-1) ?? -1);
      if (stop && trace.via.at(i)) interrupts.push(i);
      else events.splice(waited ? events.length - 1 : events.length, 0, i);
    }
    if (inside.length + interrupts.length === 0) continue;
    if (!isRun(trace, i) && trace.kind.at(i) !== Kind.EXIT) continue;
    // Ids are given when a task begins: who began first is told first.
    events.push(...inside.sort((a, b) => trace.subject.at(a) - trace.subject.at(b)), ...interrupts);
    inside = [];
    interrupts = [];
  }
  if (events.length <= limit) events.push(...inside, ...interrupts);
  return { events: events.slice(0, limit), more: events.length > limit };
}

/** The last step or callback that is over; -1: none. */
function lastRun(trace: Trace): EventIndex {
  let last = trace.count - 1;
  while (last >= 0 && !isRunRow(trace, last)) last--;
  return last;
}

/** A row from which the run can be told, so that some sentences come before an event's. */
export function startBefore(trace: Trace, event: EventIndex, sentences: number): EventIndex {
  const last = lastRun(trace);
  let left = sentences;
  for (let i = Math.min(event, trace.count) - 1; i >= 0; i--) {
    if (left <= 0 && isRun(trace, i)) return i + 1;
    if (isTold(trace, i, last)) left--;
  }
  return 0;
}

/** The event in whose sentence another one is told; where it is told nowhere the next one; -1: none. */
export function toldAt(trace: Trace, event: EventIndex): EventIndex {
  if (event < 0 || event >= trace.count) return -1;
  const last = lastRun(trace);
  if (isTold(trace, event, last)) return event;
  for (let i = Math.max(event, runAround(trace, event)); i < trace.count; i++)
    if (isTold(trace, i, last)) return i;
  return -1;
}

/** A copy is for a bug report or a chat: past this it says how many sentences it leaves out. */
const COPIED = 5000;

/** The run as text, with what was found in it. */
export function narration(trace: Trace): string {
  const { events, more } = told(trace, COPIED);
  const digits = decimals(events.map((event) => trace.t.at(event)));
  const lines = events.map((event) => `${clock(trace.t.at(event), digits)}  ${sentence(trace, event)}`);
  if (more) lines.push(`… and so on: the first ${counted(COPIED)} sentences are here.`);
  const found = (trace.findings ?? []).map(findingText);
  if (found.length) lines.push('', 'Findings:', ...found);
  const links = pathLinks(trace);
  const fine = decimals(links.map(({ begin }) => begin));
  if (links.length)
    lines.push(
      '',
      `${pathTitle(trace)}:`,
      ...links.map(({ begin, text }) => `${clock(begin, fine)}  ${text}`),
    );
  return `${lines.map(oneLine).join('\n')}\n`;
}

/** A finding as one line of text. */
export function findingText(finding: {
  title: string;
  text: string;
  why?: string;
  advice?: string;
  lines: readonly number[];
}): string {
  const { title, text, why: reason = '', advice = '', lines } = finding;
  const where = lines.length ? ` (line${lines.length > 1 ? 's' : ''} ${lines.join(', ')})` : '';
  return `- ${[`${title}${where}.`, text, reason, advice].filter(Boolean).join(' ')}`;
}

export function pathTitle(trace: Trace): string {
  const last = trace.path.at(-1);
  return `Critical path: what the ${duration(last?.end ?? 0)} depended on`;
}
