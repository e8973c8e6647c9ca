import { expect, test } from 'vitest';
import { createOpenings } from '../../../web/src/embed/openings';
import type { RunInfo } from '../../../web/src/protocol/run-info';
import { encodeLink } from '../../../web/src/share/permalink';
import { packTrace } from '../../../web/src/share/tracefile';
import { traceOf } from '../helpers/programs';

const INFO: RunInfo = {
  program: 'recorded',
  name: '',
  clock: 'virtual',
  pace: 0,
  seed: 0,
  requirements: [],
  python: '3.14.2',
  platform: 'linux',
};

/** A trace file that takes its time to be read. */
async function recording(program = INFO.program): Promise<ArrayBuffer> {
  const trace = traceOf({ actions: [{ do: 'print' }, { do: 'sleep', seconds: 0.01 }], cost: 0 });
  return (await packTrace({ ...INFO, program }, trace)).arrayBuffer();
}

function opening() {
  const seen: string[] = [];
  const openings = createOpenings(
    ({ code, clock = 'virtual', seed }, run) => {
      const with_ = run ? `, with a run of ${run.code}, ${run.trace.count > 0 ? 'whole' : 'empty'}` : '';
      seen.push(`${code || 'nothing'}, ${clock}${seed === undefined ? '' : `, seed ${seed}`}${with_}`);
    },
    (problem) => seen.push(String(problem)),
  );
  return { openings, seen };
}

test('an address shows what it links to, and one without a link nothing', async () => {
  const { openings, seen } = opening();
  await openings.address('');
  await openings.address(await encodeLink({ code: 'linked', clock: 'real' }));
  expect(seen).toEqual(['linked, real']);
});

test('a page gives a program, a recorded run, or both', async () => {
  const { openings, seen } = opening();
  await openings.page({ code: 'given', clock: 'real' }, '');
  await openings.page({ recording: await recording() }, '');
  await openings.page({ code: 'given', recording: await recording() }, '');
  expect(seen).toEqual([
    'given, real',
    'recorded, virtual, with a run of recorded, whole',
    'given, virtual, with a run of recorded, whole',
  ]);
});

test('a recorded run beside a link is shown with the link’s program and settings', async () => {
  const { openings, seen } = opening();
  const fragment = await encodeLink({ code: 'linked', clock: 'real', seed: 7 });
  await openings.page({ recording: await recording('linked') }, fragment);
  // The page’s own word counts more.
  await openings.page({ code: 'given' }, fragment);
  expect(seen).toEqual(['linked, real, seed 7, with a run of linked, whole', 'given, virtual']);
});

test('what can’t be read takes nothing away', async () => {
  const { openings, seen } = opening();
  const broken = new TextEncoder().encode('no trace at all').buffer;
  await openings.address('#p1=broken');
  await openings.page({ code: 'given', recording: broken }, '');
  await openings.page({ code: 'x'.repeat(1_000_001) }, '');
  await openings.page({ recording: await recording() }, '#p1=broken');
  expect(seen.map((line) => line.replace(/ damaged:.*/, ' damaged'))).toEqual([
    'LinkError: This link is damaged',
    'given, virtual',
    expect.stringContaining('This is not a Loopscope trace file.'),
    expect.stringContaining('larger than 1 MB'),
    'recorded, virtual, with a run of recorded, whole',
    'LinkError: This link is damaged',
  ]);
});

test('what was asked for last is shown, however long the one before takes', async () => {
  const { openings, seen } = opening();
  const broken = (await recording()).slice(0, 60);
  await Promise.all([
    openings.page({ recording: await recording() }, ''),
    openings.page({ recording: broken }, ''),
    openings.address('#p1=broken'),
    openings.page({ code: 'last' }, ''),
  ]);
  expect(seen).toEqual(['last, virtual']);
});
