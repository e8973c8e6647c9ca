/** What is kept of a program: its text as it is, and the earlier texts worth going back to. */

/** Why an earlier text was kept: it began the program, it ran, or it was about to be lost to an edit. */
export type Why = 'begin' | 'run' | 'edit';

export interface Version {
  key: string;
  /** Milliseconds since 1970, as all times here. */
  at: number;
  why: Why;
  lines: number;
  /** Characters. */
  size: number;
}

export interface Kept {
  id: string;
  name: string;
  code: string;
  /** How it is run: whatever the page wants to know again. */
  settings: object;
  /** Counts the changes of the text. */
  revision: number;
  /** The page that changed it last: with the revision it tells a tab that another one came between. */
  writer: string;
  at: number;
  /** Oldest first. Their texts lie apart. */
  versions: Version[];
  /** The text is that of the last version. */
  versioned: boolean;
}

/** What one write does: all of it or nothing. */
export interface Change {
  program: Kept;
  /** Texts of new versions, by key. */
  add: Map<string, string>;
  /** Keys of versions that go. */
  drop: string[];
}

export interface Draft {
  code: string;
  settings: object;
}

/** What a change needs to know: when it is, and which page makes it. */
export interface Pen {
  now: number;
  writer: string;
}

/** An edit this long after the last version keeps the text before it. */
export const PAUSE_MS = 5 * 60_000;
/** Versions of one program, and the characters that all of them may have. */
export const MAX_VERSIONS = 60;
export const MAX_CHARACTERS = 2_000_000;
/** An edit that takes away most of a text of at least this size keeps it. */
const LARGE = 40;

/** A program that is kept for the first time; `base`: the text it was made from. */
export function begin(id: string, name: string, base: string, { code, settings }: Draft, pen: Pen): Change {
  const program: Kept = {
    id,
    name,
    code,
    settings,
    revision: 1,
    writer: pen.writer,
    at: pen.now,
    versions: [],
    versioned: false,
  };
  const change: Change = { program, add: new Map(), drop: [] };
  if (base !== '') keep(change, base, 'begin', pen.now);
  program.versioned = base === code;
  return change;
}

/** The program was typed on. */
export function edit(before: Kept, draft: Draft, pen: Pen): Change {
  const change = next(before, draft, pen);
  if (draft.code === before.code) return change;
  const last = before.versions.at(-1);
  // A clock may be set back.
  const late = !last || Math.abs(pen.now - last.at) > PAUSE_MS;
  const lost = before.code.length >= LARGE && draft.code.length < before.code.length / 2;
  if (!before.versioned && (late || lost)) keep(change, before.code, 'edit', before.at);
  change.program.versioned = false;
  return change;
}

/** The program was run as it is. */
export function run(before: Kept, draft: Draft, pen: Pen): Change {
  const change = edit(before, draft, pen);
  const { program } = change;
  if (!program.versioned) keep(change, program.code, 'run', pen.now);
  program.versioned = true;
  return change;
}

/** An earlier text takes the place of the present one, which is kept. */
export function goBack(before: Kept, draft: Draft, pen: Pen): Change {
  const change = next(before, draft, pen);
  if (!before.versioned) keep(change, before.code, 'edit', before.at);
  change.program.versioned = false;
  return change;
}

/** Another name is no change of the text: a tab that has it open goes on with it. */
export function rename(before: Kept, name: string): Change {
  return { program: { ...before, name }, add: new Map(), drop: [] };
}

/** Fewer earlier texts, where there is no room for all; false: there is none to give up. */
export function thin(change: Change): boolean {
  const { versions } = change.program;
  if (versions.length < 2) return false;
  forget(change, Math.ceil(versions.length / 2));
  return true;
}

/** A name for a copy that no other program has: `name (2)`. */
export function copyName(name: string, taken: ReadonlySet<string>): string {
  const plain = name.replace(/ \(\d+\)$/, '');
  for (let number = 2; ; number++) {
    const copy = `${plain} (${number})`;
    if (!taken.has(copy)) return copy;
  }
}

function next(before: Kept, { code, settings }: Draft, { now, writer }: Pen): Change {
  const versions = [...before.versions];
  const revision = before.revision + 1;
  const program = { ...before, code, settings, versions, revision, writer, at: now };
  return { program, add: new Map(), drop: [] };
}

function keep(change: Change, code: string, why: Why, at: number): void {
  const { program } = change;
  const key = `${program.id} ${program.revision} ${change.add.size}`;
  const lines = code.split('\n').length - (code.endsWith('\n') ? 1 : 0);
  program.versions.push({ key, at, why, lines, size: code.length });
  change.add.set(key, code);
  const size = (): number => program.versions.reduce((sum, version) => sum + version.size, 0);
  let gone = 0;
  for (let left = size(); left > MAX_CHARACTERS && gone < program.versions.length - 1; gone++)
    left -= (program.versions[gone] as Version).size;
  forget(change, Math.max(gone, program.versions.length - MAX_VERSIONS));
}

/** The oldest go. */
function forget(change: Change, count: number): void {
  for (const { key } of change.program.versions.splice(0, Math.max(0, count)))
    if (!change.add.delete(key)) change.drop.push(key);
}
