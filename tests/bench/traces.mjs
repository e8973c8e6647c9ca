/**
 * Writes a trace of a program that never ran, as large as wanted: `node traces.mjs EVENTS TASKS TRACE.lst TRACE.json`.
 *
 * A loop in miniature: every task sleeps, takes a lock, or gets from a queue, in turns that hang on a fixed seed; steps
 * take 2 to 200 µs, one in 5,000 takes 20 ms. The same events are written as frames of the wire and, where a second name is given,
 * as Trace Event JSON: a track for each task with what it ran and waited for, and one for the loop.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

const ROW = 64;
const BATCH = 4096;
const Kind = { STEP: 1, CALLBACK: 2, TASK: 3, TIMER: 4, OUTPUT: 6, IDLE: 7, LOOP: 8, EXIT: 10 };
const How = { SUSPENDED: 1, RETURNED: 3, STDOUT: 7, TIMER: 9, BEGIN: 11, END: 12, FINISHED: 13 };
/** Chains: what a step waits for. */
const CHAINS = [
  [1, 'sleep', 'sleep'],
  [2, 'sync', 'Lock.acquire'],
  [3, 'queue', 'Queue.get'],
  [4, '', ''],
];

/** Frames of the wire, batch by batch. */
class Writer {
  constructor(path) {
    this.file = openSync(path, 'w');
    this.rows = Buffer.alloc(BATCH * ROW);
    this.count = 0;
    this.total = 0;
    this.meta = {
      strings: [[1, 'tick\n'], [2, 'Task._wakeup']],
      codes: [[1, 'worker', 'main.py', 1, 1]],
      sites: CHAINS.map(([id]) => [id, 1, id + 1, id + 1, 4, 20]),
      chains: CHAINS.map(([id, kind, label]) => [id, [id], kind, label]),
    };
  }

  row(kind, how, { t, end = t, ready = t, cpu = 0, subject = 0, by = 0, site = 0, via = 0, waits = 0, chain = 0, seq = 0, aux = 0 }) {
    const at = this.count * ROW;
    const { rows } = this;
    rows.writeDoubleLE(t, at);
    rows.writeDoubleLE(end, at + 8);
    rows.writeDoubleLE(ready, at + 16);
    rows.writeFloatLE(cpu, at + 24);
    rows.writeInt32LE(kind | (how << 8), at + 28);
    [subject, by, site, via, waits, chain, seq, aux].forEach((value, k) => {
      rows.writeInt32LE(value, at + 32 + k * 4);
    });
    this.total++;
    if (++this.count === BATCH) this.flush();
  }

  flush() {
    const text = Buffer.from(JSON.stringify(this.meta));
    const padded = Math.ceil(text.length / 8) * 8;
    const head = Buffer.alloc(16 + padded, 32);
    [0x3146534c, text.length, this.count, 1].forEach((n, k) => {
      head.writeUInt32LE(n, k * 4);
    });
    text.copy(head, 16);
    writeSync(this.file, head);
    writeSync(this.file, this.rows, 0, this.count * ROW);
    this.count = 0;
    this.meta = { strings: [] };
  }

  close() {
    this.flush();
    closeSync(this.file);
  }
}

/** Slices for other viewers, in microseconds. */
class JsonWriter {
  constructor(path) {
    this.file = path ? openSync(path, 'w') : -1;
    this.parts = [];
    this.first = true;
  }

  event(event) {
    if (this.file < 0) return;
    this.parts.push(JSON.stringify(event));
    if (this.parts.length === BATCH) this.flush();
  }

  /** Less than what it lasts by a nanosecond: slices that touch would seem nested. */
  slice(name, tid, from, to) {
    this.event({ name, ph: 'X', pid: 1, tid, ts: from * 1e6, dur: Math.max(0, (to - from) * 1e6 - 0.001) });
  }

  flush() {
    writeSync(this.file, (this.first ? '{"traceEvents":[\n' : ',\n') + this.parts.join(',\n'));
    this.first = false;
    this.parts = [];
  }

  close() {
    if (this.file < 0) return;
    this.event({ name: 'process_name', ph: 'M', pid: 1, tid: 0, args: { name: 'asyncio' } });
    this.flush();
    writeSync(this.file, '\n]}\n');
    closeSync(this.file);
  }
}

/** The least first, by `when`. */
class Heap {
  items = [];
  push(item) {
    const { items } = this;
    let k = items.push(item) - 1;
    for (let up = (k - 1) >> 1; k > 0 && items[up].when > item.when; k = up, up = (k - 1) >> 1) items[k] = items[up];
    items[k] = item;
  }
  pop() {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (items.length === 0) return top;
    let k = 0;
    for (let child = 1; child < items.length; child = 2 * k + 1) {
      if (child + 1 < items.length && items[child + 1].when < items[child].when) child++;
      if (items[child].when >= last.when) break;
      items[k] = items[child];
      k = child;
    }
    items[k] = last;
    return top;
  }
}

function write(events, tasks, tracePath, jsonPath) {
  const out = new Writer(tracePath);
  const json = new JsonWriter(jsonPath);
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const micro = (us) => Math.round(us) / 1e6;
  let clock = 0;
  let ids = tasks;
  const ready = [];
  let head = 0;
  const timers = new Heap();
  const locks = [];
  const waitingSince = new Float64Array(tasks + 1);
  const waitingFor = new Array(tasks + 1).fill('');
  out.row(Kind.LOOP, How.BEGIN, { t: 0 });
  for (let id = 1; id <= tasks; id++) {
    out.meta.strings.push([100 + id, `Task-${id}`]);
    out.row(Kind.TASK, 0, { t: clock, subject: id, by: id > 1 ? 1 : 0, site: 4, chain: 4, aux: 100 + id });
    json.event({ name: 'thread_name', ph: 'M', pid: 1, tid: id, args: { name: `Task-${id}` } });
    ready.push({ task: id, at: 0, seq: out.total, by: 1, via: 0 });
  }
  json.event({ name: 'thread_name', ph: 'M', pid: 1, tid: tasks + 1, args: { name: 'loop' } });
  while (out.total < events - 2) {
    if (head === ready.length) {
      const next = timers.items[0].when;
      // A loop that is late does not wait.
      if (next > clock) out.row(Kind.IDLE, How.TIMER, { t: clock, end: next });
      clock = Math.max(clock, next);
      while (timers.items.length > 0 && timers.items[0].when <= clock) {
        const { id, task, future } = timers.pop();
        ready.push({ timer: id, task, future, at: clock, seq: out.total });
      }
    }
    const handle = ready[head++];
    if (head > 65536 && head * 2 > ready.length) ready.splice(0, head), (head = 0);
    if (handle.timer) {
      const end = clock + micro(2);
      const row = out.total;
      out.row(Kind.CALLBACK, How.TIMER, { t: clock, end, ready: handle.at, cpu: 2e-6, subject: handle.timer, by: handle.task, seq: handle.seq, aux: 2 });
      json.slice('timer', tasks + 1, clock, end);
      ready.push({ task: handle.task, at: end, seq: row, by: handle.timer, via: handle.future });
      clock = end;
      continue;
    }
    const { task, at, seq, by, via } = handle;
    const begin = clock;
    const end = begin + micro(random() < 0.0002 ? 20_000 : 2 + random() ** 3 * 200);
    if (random() < 0.002) out.row(Kind.OUTPUT, How.STDOUT, { t: begin, by: task, site: 4, aux: 1 });
    const what = random();
    let chain = 1;
    let waits = 0;
    if (what < 0.5) {
      waits = ++ids;
      const timer = ++ids;
      const when = end + micro(500 + random() ** 4 * 1e6);
      out.row(Kind.TIMER, 0, { t: end, end: when, subject: timer, by: task, site: 1, via: waits, aux: 2 });
      timers.push({ when, id: timer, task, future: waits });
    } else {
      chain = what < 0.75 ? 2 : 3;
      waits = ++ids;
      locks.push({ task, waits });
    }
    // Whoever waits longest for a lock or an item gets it from somebody else's step.
    const row = out.total;
    while (locks.length > 1 && (locks.length > tasks / 4 || random() < 0.5)) {
      const woken = locks.shift();
      ready.push({ task: woken.task, at: end, seq: row, by: task, via: woken.waits });
      if (timers.items.length > 0) break;
    }
    if (head === ready.length && timers.items.length === 0) {
      const woken = locks.shift();
      ready.push({ task: woken.task, at: end, seq: row, by: task, via: woken.waits });
    }
    out.row(Kind.STEP, How.SUSPENDED, { t: begin, end, ready: at, cpu: end - begin, subject: task, by, site: by <= tasks ? 4 : 0, via, waits, chain, seq });
    if (waitingFor[task]) json.slice(waitingFor[task], task, waitingSince[task], at);
    json.slice('step', task, begin, end);
    json.slice(`Task-${task}`, tasks + 1, begin, end);
    waitingSince[task] = end;
    waitingFor[task] = ['', 'sleep', 'Lock.acquire', 'Queue.get'][chain];
    clock = end;
  }
  out.row(Kind.LOOP, How.END, { t: clock });
  out.row(Kind.EXIT, How.FINISHED, { t: clock });
  out.close();
  json.close();
}

const [, , events, tasks, trace, json] = process.argv;
write(Number(events), Number(tasks), trace, json);
