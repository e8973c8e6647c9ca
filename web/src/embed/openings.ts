/** What a playground is asked to show: by its address, and by the page around it, whose word is a stranger's. */
import { MOST_CODE, type Show } from '../playground/messages';
import { decodeLink, type Link } from '../share/permalink';
import type { Run } from '../views/store';
import { readRecording } from './recording';

export type Program = Partial<Link> & { code: string };

interface Opening {
  program?: Program | undefined;
  recorded?: Run;
  problem?: unknown;
}

export interface Openings {
  /** What a fragment links to. */
  address(fragment: string): Promise<void>;
  /** What the page says; the program that it leaves out may be the address's. */
  page(message: Partial<Show>, fragment: string): Promise<void>;
}

/**
 * Of what is asked for one after another the last one counts, however long each takes to be read. `put`: a program takes the
 * place of the one before, with the run that came with it. `complain`: something could not be read.
 */
export function createOpenings(
  put: (program: Program, recorded: Run | undefined) => void,
  complain: (problem: unknown) => void,
): Openings {
  let latest = 0;

  async function open(reading: Promise<Opening>): Promise<void> {
    const turn = ++latest;
    const { program, recorded, problem } = await reading;
    if (turn !== latest) return;
    // What can't be read takes nothing away.
    if (program) put(program, recorded);
    if (problem) complain(problem);
  }

  return {
    address: (fragment) => open(readAddress(fragment)),
    page: (message, fragment) => open(readPage(message, fragment)),
  };
}

async function readAddress(fragment: string): Promise<Opening> {
  try {
    return { program: await decodeLink(fragment) };
  } catch (problem) {
    return { problem };
  }
}

async function readPage({ code, clock, recording }: Partial<Show>, fragment: string): Promise<Opening> {
  const text = typeof code === 'string' ? code : '';
  if (text.length > MOST_CODE)
    return { problem: new Error('This program is larger than 1 MB: Loopscope does not open it.') };
  const given: Program = { code: text, clock: clock === 'real' ? 'real' : 'virtual' };
  const linked = text ? {} : await readAddress(fragment);
  const known = { ...linked, program: linked.program ?? given };
  if (!(recording instanceof ArrayBuffer)) return known;
  try {
    const recorded = await readRecording(recording);
    // Without a program it is the run's own.
    return { ...known, recorded, program: { ...known.program, code: known.program.code || recorded.code } };
  } catch (problem) {
    return { ...known, problem };
  }
}
