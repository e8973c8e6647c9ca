/**
 * The permalink: `#p1=` + base64url(zlib deflate(UTF-8 JSON)). zlib's checksum makes a damaged link fail loudly instead
 * of showing wrong code. What p1 means never changes; a new encoding gets a new prefix beside it.
 */
import { deflate, inflate } from './deflate';

export type Clock = 'virtual' | 'real';

export interface Link {
  code: string;
  clock: Clock;
  /** Of the virtual clock: seconds of it in a real one; undefined: time jumps. */
  pace: number | undefined;
  /** PEP 508 requirements. */
  requirements: string[];
  seed: number | undefined;
  /** A chosen schedule, in the scheduler's own notation. */
  schedule: string | undefined;
  /** Whether variables of suspended tasks are recorded. */
  variables: true | undefined;
  /** Event index: the moment to look at. */
  at: number | undefined;
  /** Id of the task to look at. */
  task: number | undefined;
  /** What of the task, if not its run: how it was ready before, what it did after, that it was due after that. */
  part: 'before' | 'after' | 'due' | undefined;
  /** The panel's tab: `state`, `findings`, `words`. */
  view: string | undefined;
  /** What is asked before the run is shown: JSON, read by `readQuestions`. */
  quiz: unknown;
}

/** A link inflates to at most this many bytes. */
export const MAX_BYTES = 256 * 1024;
/** No link of MAX_BYTES is longer: deflate adds 5 bytes to a stored block, base64 a third. */
const MAX_CHARACTERS = Math.ceil((MAX_BYTES * 1.01 + 64) / 3) * 4;
const PREFIX = 'p1=';

export type LinkProblem = 'damaged' | 'too large' | 'newer' | 'unknown';

/** A link that can't be read or made; the message says why, in words for the page. */
export class LinkError extends Error {
  override name = 'LinkError';
  constructor(
    readonly problem: LinkProblem,
    message: string,
  ) {
    super(message);
  }
}

/** The fragment, with its `#`, of a link to a program. */
export async function encodeLink(link: Partial<Link> & { code: string }): Promise<string> {
  const json: Record<string, unknown> = { code: link.code };
  if (link.clock && link.clock !== 'virtual') json.clock = link.clock;
  if (link.requirements?.length) json.requirements = link.requirements;
  for (const key of [
    'pace',
    'seed',
    'schedule',
    'variables',
    'at',
    'task',
    'part',
    'view',
    'quiz',
  ] as const) {
    if (link[key] !== undefined) json[key] = link[key];
  }
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  if (bytes.length > MAX_BYTES) {
    throw new LinkError('too large', 'This program is too large for a link: a link holds up to 256 kB.');
  }
  const packed = await deflate([bytes]);
  return `#${PREFIX}${toBase64url(new Uint8Array(await packed.arrayBuffer()))}`;
}

/** What a fragment links to; undefined for an empty one. Throws LinkError for anything that is no whole link. */
export async function decodeLink(fragment: string): Promise<Link | undefined> {
  const text = fragment.startsWith('#') ? fragment.slice(1) : fragment;
  if (text === '') return undefined;
  if (!text.startsWith(PREFIX)) {
    if (/^p\d+=/.test(text)) {
      throw new LinkError(
        'newer',
        'This link was made by a newer Loopscope. Reload the page and open it again.',
      );
    }
    throw new LinkError('unknown', 'This address holds no program that Loopscope knows how to read.');
  }
  if (text.length > MAX_CHARACTERS) throw tooLarge();
  const bytes = await inflate(fromBase64url(text.slice(PREFIX.length)), MAX_BYTES);
  if (typeof bytes === 'string') throw bytes === 'damaged' ? damaged() : tooLarge();
  return readLink(parse(bytes));
}

function damaged(): LinkError {
  return new LinkError(
    'damaged',
    'This link is damaged: part of it is missing or was changed on its way. Get the whole of it once more.',
  );
}

function tooLarge(): LinkError {
  return new LinkError('too large', 'This link is too large: a link holds a program of up to 256 kB.');
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw damaged();
  }
}

/** A program and its settings, as links and the browser's storage hold them. Throws LinkError for anything else. */
export function readLink(json: unknown): Link {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw damaged();
  const get = (key: string): unknown =>
    Object.hasOwn(json, key) ? (json as Record<string, unknown>)[key] : undefined;
  const wrong = (key: string, wanted: string): LinkError =>
    new LinkError('damaged', `This link can't be read: its ${key} should be ${wanted}.`);

  const part = get('part');
  const code = get('code');
  if (typeof code !== 'string') throw wrong('program', 'text');
  const clock = get('clock') ?? 'virtual';
  if (clock !== 'virtual' && clock !== 'real') throw wrong('clock', 'virtual or real');
  const requirements = get('requirements') ?? [];
  if (!Array.isArray(requirements) || !requirements.every((r) => typeof r === 'string')) {
    throw wrong('list of packages', 'a list of texts');
  }
  const integer = (key: string): number | undefined => {
    const value = get(key) ?? undefined;
    if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) >= 0)) {
      throw wrong(`“${key}”`, 'a whole number');
    }
    return value as number | undefined;
  };
  const pace = get('pace') ?? undefined;
  const words = (key: string): string | undefined => {
    const value = get(key) ?? undefined;
    if (value !== undefined && typeof value !== 'string') throw wrong(`“${key}”`, 'text');
    return value;
  };
  return {
    code,
    clock,
    // An extra: one that makes no sense is ignored.
    pace: typeof pace === 'number' && pace > 0 && Number.isFinite(pace) ? pace : undefined,
    requirements,
    seed: integer('seed'),
    schedule: words('schedule'),
    variables: get('variables') === true || undefined,
    at: integer('at'),
    task: integer('task'),
    part: part === 'before' || part === 'after' || part === 'due' ? part : undefined,
    view: words('view'),
    quiz: get('quiz') ?? undefined,
  };
}

function toBase64url(bytes: Uint8Array): string {
  let binary = '';
  // In pieces: an argument list has a bound.
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const plain = text.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9_-]+$/.test(plain) || plain.length % 4 === 1) throw damaged();
  return Uint8Array.from(atob(plain.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}
