/**
 * What asyncio's transports, servers and bridges do for themselves: callbacks and tasks of their own between what the program does
 * and what comes of it. A story goes past them, from who caused something to whom it woke.
 */
import { type EventIndex, type Id, Kind, type Trace } from './trace';

const CALLBACKS =
  /^(BaseSelectorEventLoop|_Selector\w*Transport|FlowControlMixin)\._|^StreamReaderProtocol\.connection_made\b/;
/** What goes between a loop and futures that are not asyncio's. */
const BRIDGES = /^(_chain_future\._|run_coroutine_threadsafe\.callback$)/;
/** The network in memory takes its time by timers. */
const TIMERS = /^(Channel\._land|Description\.wake_reader|Stream\._knock)$/;
const TASKS = /^Base\w*EventLoop\._/;
const WAKES = '_set_result_unless_cancelled';

/** Whether a callback's or timer's name is of a transport's or server's own. */
export function isOfTransport(name: string): boolean {
  return CALLBACKS.test(name) || TIMERS.test(name) || BRIDGES.test(name);
}

/** Whether a task is one that a transport or server made for itself. */
export function isTaskOfTransport(trace: Trace, id: Id): boolean {
  return TASKS.test(trace.task(id)?.coroutine ?? '');
}

/** Who caused something, past what asyncio's transports did in between. */
export interface Origin {
  /** A task of the program's; 0: it is not known. */
  by: Id;
  /** The event at whose line it did so: -1: unknown. */
  event: EventIndex;
  /** Names of what is in between, the last one first. */
  between: string[];
}

/** So many are gone through at most. */
const DEEP = 20;

/** One callback accepts all connections that wait, for whoever came first. */
const ACCEPTS = /\._accept_connection2?$/;

/** Where an event comes from that a transport's callback caused; undefined: none did. */
export function origin(trace: Trace, event: EventIndex): Origin | undefined {
  const between: string[] = [];
  for (let row = event; between.length < DEEP; ) {
    const by = trace.by.at(row);
    const task = trace.task(by);
    if (task && !isTaskOfTransport(trace, by)) {
      const known = !between.some((name) => ACCEPTS.test(name));
      return between.length > 0 ? { by: known ? by : 0, event: row, between } : undefined;
    }
    const timer = trace.timer(by);
    const made = task ? task.created : timer ? timer.armed : callbackRow(trace, by, row);
    const name = made < 0 ? '' : task ? task.coroutine : nameOf(trace, made);
    const passed = isOfTransport(name) || (name === WAKES && !timer);
    if (!task && !passed && !(made >= 0 && isTaskOfTransport(trace, trace.by.at(made)))) break;
    between.push(name);
    row = made;
  }
  return between.some((name) => name !== WAKES) ? { by: 0, event: -1, between } : undefined;
}

/** So many rows are looked through for the row of a callback. */
const BACK = 5000;

/** The row of a callback that ran before an event, or in which it was; -1: none. */
function callbackRow(trace: Trace, id: Id, event: EventIndex): EventIndex {
  if (!id) return -1;
  const is = (i: EventIndex) => trace.kind.at(i) === Kind.CALLBACK && trace.subject.at(i) === id;
  for (let i = event - 1; i >= 0 && event - i < BACK; i--) if (is(i)) return i;
  for (let i = event + 1; i < trace.count && i - event < BACK; i++) if (is(i)) return i;
  return -1;
}

function nameOf(trace: Trace, event: EventIndex): string {
  return trace.text(trace.aux.at(event)).replaceAll('<locals>.', '');
}
