/**
 * Whether frames from elsewhere keep the wire's promises: what reads a trace stands on them, and a file may hold
 * anything. A frame that passes can't make the page stumble; whether it tells the truth nobody can know.
 */
import { checkChunk } from './check-packed';
import { type Finding, type Frame, type Meta, type RowReader, TraceFormatError } from './decode';
import { COLUMN, How, Kind, ROW_BYTES, TRACE_FILE } from './generated';
import { CHUNK, PackedRows } from './packed';

/** Seconds. Beyond it a clock's figures are too coarse to tell steps apart. */
const LATEST = 1e12;
const KINDS = Math.max(...Object.values(Kind));
const HOWS = Math.max(...Object.values(How));
/** Columns that hold ids: of subjects, sites and chains; none is negative. */
const IDS = (['subject', 'by', 'site', 'via', 'waits', 'chain'] as const).map(
  (name) => [name, COLUMN[name].at] as const,
);
const LASTS = new Set<number>([Kind.STEP, Kind.CALLBACK, Kind.IDLE]);

/** Checks the frames of one trace, in order. */
export class FrameChecker {
  private events = 0;
  private lost = 0;
  private readonly codes = new Set<number>();
  private readonly sites = new Set<number>([0]);
  private readonly tasks = new Set<number>();

  /** Throws TraceFormatError for a frame that breaks a promise. */
  check(frame: Frame): void {
    if (this.events + frame.count > TRACE_FILE.MAX_EVENTS) {
      const most = TRACE_FILE.MAX_EVENTS / 1e6;
      throw new TraceFormatError(`This trace is too large: it has more than ${most} million events.`);
    }
    this.checkMeta(frame.meta);
    const { rows } = frame;
    if (rows instanceof PackedRows) this.checkChunks(rows);
    else for (let row = 0; row < frame.count; row++) this.checkRow(rows, row);
    // A finding is told after what it was found in.
    for (const { events } of frame.meta.findings ?? [])
      if (events.some((event) => event >= this.events)) throw damaged('a finding that points at no event');
    if (frame.meta.path?.some(([, , , event]) => event >= this.events))
      throw damaged('a critical path that leads through no event');
  }

  /** Reads the arrays: this is done for every event before the first picture. */
  private checkRow({ f64, f32, i32 }: RowReader, row: number): void {
    const wide = row * (ROW_BYTES / 8);
    const at = row * (ROW_BYTES / 4);
    const word = i32[at + COLUMN.kind.at] as number;
    const kind = word & 0xff;
    if (kind < 1 || kind > KINDS || ((word >> 8) & 0xff) > HOWS || word >>> 24)
      throw damaged('an event of an unknown kind');
    const t = f64[wide + COLUMN.t.at] as number;
    const end = f64[wide + COLUMN.end.at] as number;
    const ready = f64[wide + COLUMN.ready.at] as number;
    // A timer may be due at any time, even never.
    if (!isTime(t) || !isTime(ready) || !(isTime(end) || (kind === Kind.TIMER && end > 0)))
      throw damaged('a time that no clock shows');
    if (LASTS.has(kind) && end < t) throw damaged('an event that ends before it begins');
    if (!isTime(f32[at + COLUMN.cpu.at])) throw damaged('a time that no clock shows');
    for (const [column, offset] of IDS)
      if ((i32[at + offset] as number) < 0) throw damaged(`a negative id in column ${column}`);
    const seq = i32[at + COLUMN.ready_seq.at] as number;
    if (seq < 0 || seq > this.events + this.lost) throw damaged('an event made ready by a later one');
    if (kind === Kind.TASK)
      this.checkTask(i32[at + COLUMN.subject.at] as number, i32[at + COLUMN.by.at] as number);
    this.events++;
  }

  private checkChunks({ chunks }: PackedRows): void {
    // Chunks are kept as they are: they have to stand where they would have been made.
    if (chunks.length > 0 && this.events % CHUNK !== 0) throw damaged('packed events in the wrong place');
    for (const chunk of chunks) {
      checkChunk(chunk, this.events, this.lost, (id, by) => this.checkTask(id, by));
      this.events += CHUNK;
    }
  }

  /** Ids are given in order of birth: who creates a task is older than it, so that nobody descends from himself. */
  private checkTask(id: number, by: number): void {
    if (id < 1 || by >= id || this.tasks.has(id))
      throw damaged('a task that was created twice, or by itself');
    this.tasks.add(id);
  }

  private checkMeta(meta: Meta): void {
    const { now, lost, problem, cut } = meta;
    each(meta.strings, 'strings', (row) => isInteger(row[0]) && isText(row[1]) && row.length === 2);
    each(meta.codes, 'codes', ([id, name, file, line, own]) => {
      this.codes.add(id as number);
      return isId(id) && isText(name) && isText(file) && isInteger(line) && (own === 0 || own === 1);
    });
    each(meta.sites, 'sites', (row) => {
      this.sites.add(row[0] as number);
      return row.length === 6 && isId(row[0]) && this.codes.has(row[1] as number) && row.every(isInteger);
    });
    each(
      meta.objects,
      'objects',
      ([id, type, name, site, bound = 0]) =>
        isId(id) && isText(type) && isText(name) && isId(site) && isInteger(bound),
    );
    each(
      meta.chains,
      'chains',
      ([id, sites, kind, label]) =>
        isId(id) &&
        isList(sites) &&
        sites.every((site) => this.sites.has(site as number)) &&
        isText(kind) &&
        isText(label),
    );
    each(
      meta.locals,
      'variables',
      ([event, task, frames]) =>
        isId(event) &&
        isId(task) &&
        isList(frames) &&
        frames.every(
          (frame) =>
            isList(frame) &&
            isText(frame[0]) &&
            isInteger(frame[1]) &&
            isList(frame[2]) &&
            frame[2].every((one) => isList(one) && one.length === 2 && one.every(isText)),
        ),
    );
    each(
      meta.path,
      'the critical path',
      ([begin, end, task, event, text]) =>
        isTime(begin) && isTime(end) && isId(task) && isId(event) && isText(text),
    );
    if (meta.findings !== undefined && !(isList(meta.findings) && meta.findings.every(isFinding)))
      throw damaged('findings that make no sense');
    if (lost !== undefined && !isId(lost)) throw damaged('a count of lost events that makes no sense');
    this.lost = lost ?? this.lost;
    if (problem !== undefined && !isText(problem)) throw damaged('a problem that is no text');
    if (cut !== undefined && !(isList(cut) && cut.length === 2 && cut.every(isId)))
      throw damaged('a count of lost output that makes no sense');
    if (now !== undefined) {
      const [t, state, subject, begin] = isList(now) ? now : [];
      if (!isTime(t) || !isTime(begin) || ![0, 1, 2].includes(state as number) || !isId(subject))
        throw damaged('a sign of life that makes no sense');
    }
  }
}

function damaged(what: string): TraceFormatError {
  return new TraceFormatError(`This trace is damaged: it has ${what}.`);
}

function each(table: unknown, name: string, good: (row: unknown[]) => boolean): void {
  if (table === undefined) return;
  if (!isList(table) || !table.every((row) => isList(row) && good(row)))
    throw damaged(`a table of ${name} that makes no sense`);
}

function isFinding(finding: Finding | unknown): boolean {
  if (typeof finding !== 'object' || finding === null) return false;
  const get = (key: keyof Finding): unknown =>
    Object.hasOwn(finding, key) ? (finding as Finding)[key] : undefined;
  const texts = (['kind', 'title', 'text', 'why', 'advice'] as const).map(get);
  const numbers = [get('lines'), get('events')];
  return texts.every(isText) && numbers.every((list) => isList(list) && list.every(isId));
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isInteger(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= LATEST;
}
