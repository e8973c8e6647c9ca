/** Why a step ran when it did. Plain functions over a trace. */
import { cancelCause } from './cancels';
import { raised } from './errors';
import {
  at,
  awaitedName,
  cancelBefore,
  lineOf,
  objectName,
  previousStep,
  primitiveLabel,
  taskLabel,
  timerById,
  timerLength,
  timerOfFuture,
} from './reason';
import { type EventIndex, How, type Id, Kind, type Timer, type Trace } from './trace';
import { type Origin, origin } from './transports';

/** Why a step ran when it did: 'created by main at line 18', 'its timer, armed by sleep(0.05) at line 8, came due'. */
export function cause(trace: Trace, step: EventIndex): string {
  const subject = trace.subject.at(step);
  const by = trace.by.at(step);
  const line = at(lineOf(trace, step));
  const previous = previousStep(trace, step);
  const cancel = cancelBefore(trace, step);
  if (trace.task(subject) && previous < 0) {
    if (cancel >= 0) return `cancelled before it could start, ${cancelCause(trace, cancel)}`;
    const origins = origin(trace, step);
    if (origins?.between[0] === 'run_coroutine_threadsafe.callback')
      return `created by ${taskLabel(trace, origins.by)}${at(lineOf(trace, origins.event))}`;
    if (origins) return 'created for a new connection';
    return by ? `created by ${taskLabel(trace, by)}${line}` : `started by the program${line}`;
  }
  if (cancel >= 0) return `cancelled ${cancelCause(trace, cancel)}`;
  if (by === subject) return 'it yielded and took its next turn';
  const timer = timerById(trace, by);
  if (timer) return timerCause(trace, previous, timer);
  const from = origin(trace, step);
  if (from) return arrival(trace, previous, subject, from);
  const via = trace.via.at(step);
  if (via && trace.task(via)) return taskEnd(trace, via);
  const through = throughWhat(trace, previous);
  const object = objectName(trace, via);
  if (object === 'gather') return gatherEnd(trace, step);
  if (object && !through) return by ? `${object} is done` : `${object} was settled outside of the loop`;
  if (!by) return `woken from outside the loop${through}`;
  if (!trace.task(by)) return callbackCause(trace, step) + through;
  return `woken by ${taskLabel(trace, by)}${line}${through}`;
}

/** What a connection brought to who waited for it: 'what client sent at line 12 came', 'its connection is made'. */
function arrival(trace: Trace, previous: EventIndex, subject: Id, from: Origin): string {
  const waits = awaitedName(trace, previous).replace(/^.* in /, '');
  const [last = ''] = from.between;
  const passed = (name: RegExp) => from.between.some((one) => name.test(one));
  if (last.startsWith('_chain_future.')) return taskEnd(trace, from.by);
  if (last.endsWith('._sock_connect_cb')) return 'the other end has answered';
  if (/^(open|create)_.*connection$/.test(waits)) return 'its connection is made';
  if (waits === 'create_datagram_endpoint') return 'its endpoint is made';
  if (passed(/getaddrinfo$/)) return 'its address is looked up';
  const other = from.by && from.by !== subject ? taskLabel(trace, from.by) : '';
  const line = at(lineOf(trace, from.event));
  if (other && passed(CLOSES)) return `${other} closed its connection${line}`;
  if (CLOSES.test(last)) return 'its connection is closed';
  if (/\._(read_ready|sock_)/.test(last))
    return other ? `what ${other} sent${line} came` : 'something came through a connection';
  return last.endsWith('._write_ready') ? 'there is room to send more' : `${waits} goes on`;
}

const CLOSES = /\._call_connection_lost$/;

/** Through which primitive a task that waited was woken: ', through queue'. */
function throughWhat(trace: Trace, previous: EventIndex): string {
  if (previous < 0 || trace.how.at(previous) !== How.SUSPENDED) return '';
  const id = trace.aux.at(previous);
  return trace.primitives.has(id) ? `, through ${primitiveLabel(trace, id)}` : '';
}

function timerCause(trace: Trace, previous: EventIndex, timer: Timer): string {
  const length = timerLength(trace, timer);
  const line = at(lineOf(trace, timer.armed));
  const name = callbackName(trace, timer.armed);
  if (name === '_set_result_unless_cancelled' && previous >= 0) {
    const sleep = timerOfFuture(trace, trace.waits.at(previous))?.id === timer.id;
    if (sleep) return `its timer, armed by ${awaitedName(trace, previous)}${line}, came due`;
  }
  if (LIMITS.has(name)) return `its time limit of ${length}, set${line}, is over`;
  return `woken by ${name}, which a timer of ${length} armed${line} called`;
}

/** Name of a callback, as short as it stays clear. */
export function callbackName(trace: Trace, event: EventIndex): string {
  const name = trace.text(trace.aux.at(event)).replaceAll('<locals>.', '');
  // A timer's own method is asyncio's to whoever calls it.
  return name.replace(/^handle_classes\./, '') || 'a callback without a name';
}

/** The step or callback during which this one was made ready; -1: unknown. */
export function causingRun(trace: Trace, event: EventIndex): EventIndex {
  const by = trace.by.at(event);
  if (!by) return -1;
  for (let i = Math.max(0, trace.readySeq.at(event)); i < event; i++) {
    const kind = trace.kind.at(i);
    if ((kind === Kind.STEP || kind === Kind.CALLBACK) && trace.subject.at(i) === by) return i;
  }
  return -1;
}

/** Callbacks of the timers with which asyncio.wait, wait_for and as_completed limit how long they wait. */
export const LIMITS: ReadonlySet<string> = new Set([
  '_release_waiter',
  '_AsCompletedIterator._handle_timeout',
  'as_completed._on_timeout',
]);

/** asyncio's own callbacks that hear of a task's end → who hears. */
export const HEARS: Readonly<Record<string, string>> = {
  'gather._done_callback': 'gather',
  'TaskGroup._on_task_done': 'the TaskGroup',
  '_wait._on_completion': 'asyncio.wait',
  'shield._inner_done_callback': 'shield',
  '_AsCompletedIterator._handle_completion': 'as_completed',
  'as_completed._on_completion': 'as_completed',
  _release_waiter: 'wait_for',
};

function callbackCause(trace: Trace, step: EventIndex): string {
  const run = causingRun(trace, step);
  const name = run < 0 ? '' : callbackName(trace, run);
  const who = HEARS[name];
  if (who) return `woken by ${who}${who === 'the TaskGroup' ? ', whose tasks are all done' : ''}`;
  if (name === '_run_job' || name === '_job_done') return 'its job is done';
  return name ? `woken by the callback ${name}` : 'woken by a callback';
}

/** The task of whose end a callback was told; 0: of none, or of one that was done before anybody asked. */
export function endHeard(trace: Trace, event: EventIndex): Id {
  const run = causingRun(trace, event);
  if (run < 0 || trace.kind.at(run) !== Kind.STEP) return 0;
  const how = trace.how.at(run);
  const ended =
    how === How.RETURNED || how === How.RAISED || how === How.CANCELLED || how === How.INTERRUPTED;
  return ended ? trace.by.at(event) : 0;
}

/** How a task that was awaited ended. */
export function taskEnd(trace: Trace, id: Id): string {
  const task = trace.task(id);
  const who = taskLabel(trace, id);
  if (task?.outcome === How.RAISED)
    return `${who} failed with ${raised(trace, task.lastStep)?.text ?? 'an exception'}`;
  if (task?.outcome === How.CANCELLED) return `${who} was cancelled`;
  if (task && task.lastStep >= 0 && trace.how.at(task.lastStep) === How.INTERRUPTED)
    return `${who} was ended by ${raised(trace, task.lastStep)?.text ?? 'an interrupt'}`;
  return `${who} ended`;
}

/** What a callback of asyncio's heard of, where that was no task's end: 'a gather in it is done'. */
export function otherEndHeard(trace: Trace, event: EventIndex): string {
  const run = causingRun(trace, event);
  const who = HEARS[callbackName(trace, event)] ?? '';
  if (run < 0) return `hears of something that was done already`;
  if (trace.kind.at(run) === Kind.CALLBACK) {
    if (/^_(run_job|job_done)$/.test(callbackName(trace, run))) return 'hears that a job is done';
    const inner = HEARS[callbackName(trace, run)];
    return inner
      ? `hears that ${inner === who ? `the ${who} in it` : inner} is done`
      : 'hears of something that is done';
  }
  // Who begins to wait for what is done hears of it at once.
  const waits = awaitedName(trace, run).replace(/^asyncio\./, '');
  return `hears of something that ${waits === who.replace(/^(the |asyncio\.)/, '') ? 'was done already' : 'is done'}`;
}

/**
 * Why a gather is done, by the step that it woke: the task of whose end it heard last failed or was cancelled, or all are done.
 * One that is told to return exceptions asks every failed task for its own in the end: none of those is why.
 */
function gatherEnd(trace: Trace, step: EventIndex): string {
  let callback = trace.by.at(step);
  let run = causingRun(trace, step);
  for (;;) {
    const heard = endHeard(trace, run);
    if (heard && trace.task(heard)?.outcome === How.CANCELLED)
      return `gather is done: ${taskEnd(trace, heard)}`;
    for (let i = trace.readySeq.at(step) - 1; heard && i >= 0 && trace.by.at(i) === callback; i--) {
      if (
        trace.kind.at(i) === Kind.ERROR &&
        trace.how.at(i) === How.RETRIEVED &&
        trace.subject.at(i) === heard
      )
        return `gather is done: ${taskEnd(trace, heard)}`;
    }
    const inner = run < 0 ? -1 : causingRun(trace, run);
    // A gather in a gather.
    if (heard || inner < 0 || callbackName(trace, run) !== GATHER || callbackName(trace, inner) !== GATHER)
      return 'gather is done';
    callback = trace.subject.at(inner);
    step = run;
    run = inner;
  }
}

const GATHER = 'gather._done_callback';
