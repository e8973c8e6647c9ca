/**
 * Records, opens and draws a long trace that nobody sees, in idle moments. An engine makes code fast once it has run for a
 * while: without a rehearsal it would do so in the first third of a long file, or in the first frames of a fast program.
 */
import { type Meta, RowReader } from '../protocol/decode';
import { COLUMN, HEADER_BYTES, How, Kind, MAGIC, ROW_BYTES, VERSION } from '../protocol/generated';
import { CHUNK } from '../protocol/packed';
import { decodeBatch } from '../protocol/tame';
import { packTrace, unpackTrace } from '../share/tracefile';
import { rasterRow } from '../trace/raster';
import { emptyRun, type Run, takeIn } from '../views/store';

/** Chunks of events: with so many the code is fast. */
export const CHUNKS = 56;
/** Tasks that run; and how many are created with each chunk. */
const RUNNING = 16;
const BORN = 40;
/** A task's turn before this one: its future and its timer have ids that much smaller. */
const AGO = 2 * RUNNING;
/** Ids as they are in a long run: they take three bytes. */
const MANY = 1 << 17;
/** Of a row that is drawn: pixels, and how many of them a segment needs to be drawn by itself. */
const WIDTH = 1000;
const WIDE = 4;
/** Seconds. */
const MICRO = 1e-6;
const LENGTH = 20 * MICRO;

/**
 * Of everything that was rehearsed one small trace: fast code is thrown away with the last object of a kind that it was made
 * for, at the next collection of garbage.
 */
export const kept: Run[] = [];

/** `idle`: resolves when there is nothing else to do. */
export async function rehearse(idle: () => Promise<void>): Promise<void> {
  await play(idle, CHUNKS);
  kept.push(await play(idle, 1));
}

/** Resolves with what was opened. */
export async function play(idle: () => Promise<void>, chunks: number): Promise<Run> {
  const recorded = emptyRun('', false);
  const tape = new Tape();
  while (recorded.trace.count < chunks * CHUNK) {
    await idle();
    for (const frame of decodeBatch(tape.next())) takeIn(recorded, frame);
    recorded.tracks.update();
    arrange(recorded);
  }
  const { info, frames } = await unpackTrace(await packTrace(recorded.info, recorded.trace));
  const opened = emptyRun(info.program, true, info);
  for await (const frame of frames) {
    await idle();
    takeIn(opened, frame);
  }
  opened.trace.abort();
  opened.tracks.update();
  arrange(opened);
  for (let track = 0; track <= RUNNING; track++) {
    await idle();
    draw(opened, track);
  }
  return opened;
}

function arrange({ tracks }: Run): void {
  tracks.rows.arrange(0, tracks.scale.now());
}

function draw({ tracks }: Run, track: number): void {
  rasterRow(tracks, track, 0, tracks.scale.now() / WIDTH, WIDTH, WIDE, { wide() {}, pixel() {} });
}

/** Batches of a program that never ran: tasks that sleep, or wait for a lock, and each wakes another one. */
class Tape {
  private rows = new RowReader(new ArrayBuffer(0), 0, 0);
  private row = 0;
  private total = 0;
  private clock = 0;
  private tasks = 0;
  private turns = 0;
  private ids = MANY;

  /** A chunk of events, in a frame. */
  next(): ArrayBuffer {
    const meta = this.total === 0 ? encoded(META) : encoded({});
    const body = HEADER_BYTES + meta.length;
    const buffer = new ArrayBuffer(body + CHUNK * ROW_BYTES);
    new Uint32Array(buffer, 0, HEADER_BYTES / 4).set([MAGIC, meta.length, CHUNK, VERSION]);
    new Uint8Array(buffer).set(meta, HEADER_BYTES);
    this.rows = new RowReader(buffer, body, CHUNK);
    this.row = 0;
    if (this.total === 0) this.write(Kind.LOOP, How.BEGIN, {});
    for (let k = 0; k < BORN; k++)
      this.write(Kind.TASK, 0, { subject: ++this.tasks, site: 1, chain: 1, aux: 1 });
    while (this.row < CHUNK) this.turn();
    return buffer;
  }

  /** What the loop does for one task; a frame is full in the midst of it, and what is left is not told. */
  private turn(): void {
    const turn = this.turns++;
    const subject = 1 + (turn % RUNNING);
    const sleeps = (turn + Math.floor(turn / RUNNING)) % 2 === 0;
    const waits = ++this.ids;
    const timer = ++this.ids;
    const ready = this.clock;
    if (turn % 5 === 0) this.write(Kind.IDLE, How.TIMER, { end: ready + LENGTH });
    if (sleeps) {
      const end = this.clock + RUNNING * LENGTH;
      this.write(Kind.TIMER, 0, { end, subject: timer, by: subject, via: waits });
    } else {
      const end = this.clock + LENGTH;
      this.write(Kind.CALLBACK, How.TIMER, { end, ready, subject: timer - AGO, by: subject });
    }
    if (turn % 100 === 0) this.write(Kind.OUTPUT, How.STDOUT, { by: subject, site: 1, aux: 1 });
    // No two steps last equally long.
    const length = (1 + ((turn * 77) % 997)) * MICRO;
    this.write(Kind.STEP, How.SUSPENDED, {
      end: this.clock + length,
      ready,
      subject,
      by: 1 + ((turn + 1) % RUNNING),
      site: 1,
      via: waits - AGO,
      waits,
      chain: sleeps ? 1 : 2,
    });
  }

  private write(kind: number, how: number, cells: Partial<Record<keyof typeof COLUMN, number>>): void {
    if (this.row === CHUNK) return;
    const { f64, f32, i32 } = this.rows;
    const at = (this.row * ROW_BYTES) / 4;
    const { t = this.clock, end = t, ready = t, ...rest } = cells;
    [t, end, ready].forEach((time, k) => {
      f64[at / 2 + k] = time;
    });
    f32[at + COLUMN.cpu.at] = end - t;
    i32[at + COLUMN.kind.at] = kind | (how << 8);
    i32[at + COLUMN.ready_seq.at] = Math.max(0, this.total - 2);
    for (const [name, value] of Object.entries(rest))
      i32[at + COLUMN[name as keyof typeof COLUMN].at] = value;
    this.row++;
    this.total++;
    if (kind !== Kind.TIMER) this.clock = end;
  }
}

const META: Meta = {
  strings: [[1, 'Task']],
  codes: [[1, 'worker', 'main.py', 1, 1]],
  sites: [[1, 1, 1, 1, 0, 1]],
  chains: [
    [1, [1], 'sleep', 'sleep'],
    [2, [1], 'sync', 'Lock.acquire'],
  ],
};

/** As text of whole words. */
function encoded(meta: Meta): Uint8Array {
  const text = JSON.stringify(meta);
  return new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
}
