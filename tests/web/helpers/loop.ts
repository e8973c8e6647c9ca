/**
 * A small event loop under a virtual clock that writes the rows the tracer would: coroutines are generators that yield
 * what they wait for. Only for making traces; what asyncio does is tested against asyncio itself.
 */
import { Flag } from '../../../web/src/protocol/generated';
import { FrameWriter, How, Kind } from './frames';

interface Handle {
  subject: number;
  run: () => void;
  by: number;
  site: number;
  ready: number;
  seq: number;
  name?: string;
  timer?: boolean;
}

interface Timer {
  id: number;
  when: number;
  order: number;
  by: number;
  then: () => void;
}

export class Fut {
  done = false;
  waiters: (() => void)[] = [];
  constructor(
    readonly id: number,
    readonly kind: string,
    readonly label: string,
  ) {}
}

export type Wait = Fut | 'yield';
export type Coroutine = (loop: FakeLoop) => Generator<Wait, void, void>;

interface Task {
  id: number;
  name: string;
  body: Generator<Wait, void, void>;
  end: Fut;
}

export class FakeLoop {
  readonly rows = new FrameWriter();
  clock = 0;
  /** What a step costs on the clock, seconds. */
  cost = 0;
  /** Events of state, for comparing with what is read from the trace. */
  private readonly ready: Handle[] = [];
  private timers: Timer[] = [];
  private ids = 0;
  private current = 0;
  private order = 0;

  constructor(private readonly after: (loop: FakeLoop) => void = () => undefined) {}

  run(name: string, main: Coroutine, exit = true): FrameWriter {
    this.spawn(name, main);
    this.rows.row(Kind.LOOP, { how: How.BEGIN, t: this.clock });
    for (;;) {
      if (this.ready.length === 0) {
        const due = Math.min(...this.timers.map((timer) => timer.when));
        if (due === Infinity) break;
        this.rows.row(Kind.IDLE, { how: How.TIMER, t: this.clock, end: Math.max(due, this.clock) });
        this.clock = Math.max(due, this.clock);
        this.after(this);
      }
      const polled = this.rows.count;
      const fired = this.timers.filter((timer) => timer.when <= this.clock);
      this.timers = this.timers.filter((timer) => timer.when > this.clock);
      for (const { id, by, then, when } of fired.sort((a, b) => a.when - b.when || a.order - b.order)) {
        this.ready.push({
          subject: id,
          run: then,
          by,
          site: 0,
          ready: when,
          seq: polled,
          name: 'fire',
          timer: true,
        });
      }
      for (let n = this.ready.length; n > 0; n--) this.runHandle(this.ready.shift() as Handle);
    }
    this.rows.row(Kind.LOOP, { how: How.END, t: this.clock });
    if (exit) this.rows.row(Kind.EXIT, { how: How.FINISHED, t: this.clock });
    return this.rows;
  }

  /** asyncio.create_task; `eager`: its first step runs at once. */
  spawn(name: string, coroutine: Coroutine, eager = false): Fut {
    const task: Task = { id: ++this.ids, name, body: coroutine(this), end: new Fut(++this.ids, 'task', '') };
    const creator = this.current;
    const write = (): number =>
      this.rows.row(Kind.TASK, {
        t: this.clock,
        subject: task.id,
        by: creator,
        aux: this.rows.text(`Task-${task.id}`),
        chain: this.rows.chain(name, 1),
      });
    // As the tracer does it: the rows of an eager step, then its task's, then its own.
    if (eager) {
      this.current = task.id;
      const begin = this.clock;
      const { how, wait } = this.advance(task);
      const seq = write();
      this.rows.row(Kind.STEP, {
        ...this.stepCells(task, how, wait),
        flags: Flag.EAGER,
        t: begin,
        ready: begin,
        by: creator,
        ready_seq: seq,
      });
      // At its own row a step is still the one that runs.
      this.after(this);
      this.current = creator;
      return task.end;
    }
    this.callSoon(task.id, () => this.step(task));
    write();
    this.after(this);
    return task.end;
  }

  sleep(seconds: number): Wait {
    if (seconds === 0) return 'yield';
    const fut = new Fut(++this.ids, 'sleep', 'sleep');
    this.callLater(seconds, () => this.resolve(fut), fut.id);
    return fut;
  }

  callLater(seconds: number, then: () => void, via = 0): void {
    const timer = { id: ++this.ids, when: this.clock + seconds, order: this.order++, by: this.current, then };
    this.timers.push(timer);
    const aux = this.rows.text('_set_result_unless_cancelled');
    this.rows.row(Kind.TIMER, {
      t: this.clock,
      end: timer.when,
      subject: timer.id,
      by: this.current,
      via,
      aux,
    });
    this.after(this);
  }

  cancelTimers(): void {
    for (const timer of this.timers) {
      this.rows.row(Kind.TIMER_CANCELLED, { t: this.clock, subject: timer.id, by: this.current });
    }
    const some = this.timers.length > 0;
    this.timers = [];
    if (some) this.after(this);
  }

  future(kind = 'queue', label = 'Queue.get'): Fut {
    return new Fut(++this.ids, kind, label);
  }

  resolve(fut: Fut): void {
    if (fut.done) return;
    fut.done = true;
    for (const wake of fut.waiters) wake();
    fut.waiters = [];
  }

  print(text: string): void {
    this.rows.row(Kind.OUTPUT, {
      how: How.STDOUT,
      t: this.clock,
      by: this.current,
      aux: this.rows.text(text),
    });
    this.after(this);
  }

  /** What a test compares with: subjects in the order of the ready queue, and timers by due time. */
  state(): { running: number; queue: number[]; timers: number[] } {
    return {
      running: this.current,
      queue: this.ready.map((handle) => handle.subject),
      timers: [...this.timers].sort((a, b) => a.when - b.when || a.order - b.order).map((timer) => timer.id),
    };
  }

  private callSoon(subject: number, run: () => void, name?: string): void {
    const handle = { subject, run, by: this.current, site: 0, ready: this.clock, seq: this.rows.count };
    this.ready.push(name === undefined ? handle : { ...handle, name });
  }

  private runHandle(handle: Handle): void {
    this.current = handle.subject;
    this.handle = handle;
    this.begin = this.clock;
    handle.run();
    if (handle.name !== undefined) {
      this.clock += this.cost;
      const { subject, by, ready, seq, name } = handle;
      this.rows.row(Kind.CALLBACK, {
        ...{ t: this.begin, end: this.clock, subject, by, ready, ready_seq: seq, aux: this.rows.text(name) },
        how: handle.timer ? How.TIMER : 0,
      });
      this.after(this);
    }
    this.current = 0;
  }

  private handle: Handle | undefined;
  private begin = 0;

  private step(task: Task): void {
    const { how, wait } = this.advance(task);
    const { by, ready, seq } = this.handle as Handle;
    this.rows.row(Kind.STEP, {
      ...this.stepCells(task, how, wait),
      t: this.begin,
      by,
      ready,
      ready_seq: seq,
    });
    this.after(this);
  }

  private stepCells(task: Task, how: number, wait: Wait | undefined): Parameters<FrameWriter['row']>[1] {
    const suspended = wait instanceof Fut;
    return {
      how,
      end: this.clock,
      subject: task.id,
      waits: suspended ? wait.id : 0,
      chain: suspended ? this.rows.chain(task.name, 2, wait.kind, wait.label) : 0,
    };
  }

  private advance(task: Task): { how: number; wait: Wait | undefined } {
    let how: number = How.RETURNED;
    let wait: Wait | undefined;
    try {
      for (;;) {
        const next = task.body.next();
        wait = next.done ? undefined : next.value;
        if (wait instanceof Fut && wait.done) continue;
        break;
      }
    } catch {
      how = How.RAISED;
    }
    this.clock += this.cost;
    if (wait === 'yield') {
      how = How.YIELDED;
      this.callSoon(task.id, () => this.step(task));
    } else if (wait) {
      how = How.SUSPENDED;
      wait.waiters.push(() => this.callSoon(task.id, () => this.step(task)));
    } else this.resolve(task.end);
    return { how, wait };
  }
}
