/**
 * Trace Event JSON, for ui.perfetto.dev, speedscope, chrome://tracing: a thread per task, because its asynchronous events
 * would pile all tasks into one track.
 */
import type { Trace } from '../../trace/trace';
import { Model } from './model';

/** Events of one piece: a long trace makes no single text. */
const PIECE = 2000;

/** The file, in pieces. */
export function* traceEvents(trace: Trace): Generator<string> {
  const model = new Model(trace);
  let lines: string[] = [];
  let first = true;
  const flush = (): string => {
    const text = (first ? '' : ',\n') + lines.join(',\n');
    first = false;
    lines = [];
    return text;
  };
  yield '{"displayTimeUnit":"ms","traceEvents":[\n';
  for (const event of events(model)) {
    lines.push(JSON.stringify(event));
    if (lines.length === PIECE) yield flush();
  }
  if (lines.length) yield flush();
  yield '\n]}\n';
}

function* events(model: Model): Generator<object> {
  const pid = 1;
  yield { ph: 'M', name: 'process_name', pid, tid: 0, args: { name: 'asyncio' } };
  let order = 0;
  for (const { id, name } of model.tracks) {
    const tid = id + 1;
    yield { ph: 'M', name: 'thread_name', pid, tid, args: { name } };
    yield { ph: 'M', name: 'thread_sort_index', pid, tid, args: { sort_index: order++ } };
  }
  for (const { id } of model.tracks) {
    const tid = id + 1;
    for (const { name, category: cat, begin, end, args, sends, receives } of model.slices(id)) {
      yield { ph: 'X', name, cat, pid, tid, ts: begin / 1e3, dur: (end - begin) / 1e3, args };
      // A flow binds to the slice that encloses it.
      for (const flow of receives)
        yield { ph: 'f', bp: 'e', name: 'wakes', cat: 'wake', id: flow, pid, tid, ts: begin / 1e3 };
      for (const flow of sends)
        yield { ph: 's', name: 'wakes', cat: 'wake', id: flow, pid, tid, ts: begin / 1e3 };
    }
    for (const { name, at, args } of model.marks(id))
      yield { ph: 'i', s: 't', name, pid, tid, ts: at / 1e3, args };
  }
  for (const { at, value } of model.readyQueue())
    yield { ph: 'C', name: 'ready queue', pid, tid: 0, ts: at / 1e3, args: { length: value } };
}
