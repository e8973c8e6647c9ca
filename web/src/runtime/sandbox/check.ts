/**
 * What comes out of the sandbox, checked: a stranger's program may send whatever it likes. A message is copied field by
 * field, so that nothing comes through that isn't named here.
 */
import type { Report } from '../messages';
import { BROKEN, LIMITS, REQUEST, type Up } from './messages';

/** A message that is none of ours. */
export class Violation extends Error {
  override name = 'Violation';
}

type Fields = Record<string, unknown>;
type Reader<T> = (value: unknown) => T;

function fail(what: string): never {
  throw new Violation(what);
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : fail('no object');
}

const text =
  (longest: number): Reader<string> =>
  (value) =>
    typeof value === 'string' && value.length <= longest ? value : fail('no text, or too long a one');

const flag: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : fail('no yes or no'));

const whole: Reader<number> = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : fail('no number');

const bytes: Reader<ArrayBuffer> = (value) =>
  value instanceof ArrayBuffer && value.byteLength <= LIMITS.message
    ? value
    : fail('no bytes, or too many of them');

const list =
  <T>(most: number, one: Reader<T>): Reader<T[]> =>
  (value) =>
    Array.isArray(value) && value.length <= most
      ? Array.from(value, one)
      : fail('no list, or too long a one');

const header: Reader<[string, string]> = (value) => {
  const [name, content, ...more] = list(2, text(REQUEST.header))(value);
  return name !== undefined && content !== undefined && !more.length ? [name, content] : fail('no header');
};

const reports: { [T in Report['type']]: (got: Fields) => Omit<Extract<Report, { type: T }>, 'type'> } = {
  ready: (got) => ({
    python: text(100)(got.python),
    jspi: flag(got.jspi),
    restored: flag(got.restored),
  }),
  installing: (got) => ({ detail: text(500)(got.detail) }),
  want: (got) => ({ name: text(100)(got.name) }),
  fetch: (got) => ({ id: whole(got.id), url: text(4000)(got.url) }),
  request: (got) => ({
    id: whole(got.id),
    url: text(REQUEST.url)(got.url),
    method: text(20)(got.method),
    headers: list(REQUEST.headers, header)(got.headers),
    body: got.body === undefined ? undefined : bytes(got.body),
  }),
  installed: (got) => ({
    requirements: list(500, text(300))(got.requirements),
    loosened: flag(got.loosened),
  }),
  batch: (got) => ({ frame: bytes(got.frame) }),
  ask: () => ({}),
  done: (got) => ({ exit: text(4_000_000)(got.exit) }),
  analysed: () => ({}),
  broken: (got) => ({ message: text(BROKEN)(got.message) }),
};

const own = <T extends object>(table: T, key: unknown): key is keyof T =>
  typeof key === 'string' && Object.hasOwn(table, key);

/** A message of a worker. Throws Violation. */
export function checkReport(value: unknown): Report {
  const got = fields(value);
  const { type } = got;
  if (!own(reports, type)) return fail('no message of ours');
  return { type, ...reports[type](got) } as Report;
}

/** A message of the frame; what a worker said in it is unchecked still. Throws Violation. */
export function checkUp(
  value: unknown,
): Exclude<Up, { type: 'report' }> | { type: 'report'; id: number; report: unknown } {
  const got = fields(value);
  switch (got.type) {
    case 'open':
      return { type: 'open', shared: flag(got.shared), blobs: flag(got.blobs) };
    case 'report':
      return { type: 'report', id: whole(got.id), report: got.report };
    case 'error':
      return { type: 'error', id: whole(got.id), message: text(1000)(got.message) };
    case 'lost':
      return { type: 'lost', id: whole(got.id), reason: text(1000)(got.reason) };
    case 'pong':
      return { type: 'pong' };
    default:
      return fail('no message of ours');
  }
}

/** How a program ended, as the worker tells it in JSON. Throws Violation. */
export function checkExit(json: string): Exit {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return fail('no JSON');
  }
  const got = fields(value);
  return { how: whole(got.how), code: place(got.code) ?? 1, problem: checkProblem(got.problem) };
}

export interface Exit {
  how: number;
  code: number;
  problem: Problem | undefined;
}

/** How a program failed: see `Problem` in program.py. */
export interface Problem {
  type: string;
  message: string;
  /** Traceback, the program's own lines only. */
  text: string;
  line: number | undefined;
  column?: number;
  endColumn?: number;
}

function checkProblem(value: unknown): Problem | undefined {
  if (value === null || value === undefined) return undefined;
  const got = fields(value);
  const column = place(got.column);
  const endColumn = place(got.endColumn);
  return {
    type: text(10_000)(got.type),
    message: text(1_000_000)(got.message),
    text: text(4_000_000)(got.text),
    line: place(got.line),
    ...(column !== undefined && { column }),
    ...(endColumn !== undefined && { endColumn }),
  };
}

const place = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) ? (value as number) : undefined;
