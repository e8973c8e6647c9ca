/** Segments that are kept at hand: few or many, while a trace grows or not, they are what they would be without. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bits } from '../../../web/src/trace/bits';
import { Blocks } from '../../../web/src/trace/blocks';
import { STATES } from '../../../web/src/trace/changes';
import { Trace } from '../../../web/src/trace/trace';
import { type Segment, Tracks } from '../../../web/src/trace/tracks';
import { beginsTurn, TurnLine } from '../../../web/src/trace/turns';
import { rowsOf } from '../helpers/frames';
import { randomProgram, traceOf } from '../helpers/programs';

const SLEEPS = Array.from(
  { length: 120 },
  (_, i) => ({ do: 'sleep', seconds: [0, 0.001, 0.02][i % 3] as number }) as const,
);

test('a line that keeps few blocks tells what one tells that keeps all, whatever is asked first', () => {
  const tracks = new Tracks(traceOf({ actions: SLEEPS, cost: 0.0005 }));
  tracks.update();
  const { trace, scale } = tracks;
  const turns = new Bits();
  for (let row = 0; row < trace.count; row++) {
    if (beginsTurn(trace.kind.at(row), trace.how.at(row), trace.flags.at(row))) turns.add(row);
  }
  const few = new TurnLine(trace, scale, turns, new Blocks(8, 2));
  const all = new TurnLine(trace, scale, turns, new Blocks(8, 1000));
  const n = all.count;
  expect(n).toBeGreaterThan(200);
  const segment = fc.integer({ min: 0, max: n - 1 });
  fc.assert(
    fc.property(segment, segment, fc.double({ min: 0, max: 1, noNaN: true }), (i, from, share) => {
      expect([few.x(i), few.state(i)]).toEqual([all.x(i), all.state(i)]);
      const x = share * scale.now();
      const found = few.find(x, from);
      const next = found + 1;
      if (found >= from) expect(all.x(found)).toBeLessThanOrEqual(x);
      else expect(found).toBe(from - 1);
      if (next >= from && next < n) expect(all.x(next)).toBeGreaterThan(x);
      const [a, b] = [Math.min(i, from), Math.max(i, from)];
      const mix = new Float64Array(STATES);
      few.mix(a, few.x(a), b, few.x(b), mix);
      const exact = new Float64Array(STATES);
      for (let k = a; k < b; k++) {
        const state = all.state(k);
        if (state < STATES) exact[state] = (exact[state] as number) + all.x(k + 1) - all.x(k);
      }
      mix.forEach((much, s) => {
        expect(much).toBeCloseTo(exact[s] as number, 9);
      });
    }),
  );
});

test('a trace that is looked at while it grows has the segments of one that is looked at once', () => {
  const scale = fc.constantFrom('turns' as const, 'time' as const);
  const part = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(
      randomProgram(),
      part,
      fc.double({ min: 0, max: 1, noNaN: true }),
      scale,
      (program, rows, until, name) => {
        const whole = traceOf(program);
        const growing = new Trace();
        const looked = new Tracks(growing);
        const once = new Tracks(growing);
        for (const tracks of [looked, once]) tracks.setScale(name);
        const stop = Math.ceil(until * whole.count);
        for (let from = 0; from < stop; from += rows) {
          const to = Math.min(stop, from + rows);
          growing.append({
            meta: from ? {} : metaOf(whole),
            count: to - from,
            rows: rowsOf(whole, from, to),
          });
          for (const tracks of [looked, once]) tracks.update();
          segmentsOf(looked);
        }
        expect(segmentsOf(looked)).toEqual(segmentsOf(once));
      },
    ),
    { numRuns: 100 },
  );
});

function segmentsOf(tracks: Tracks): (Segment | undefined)[][] {
  return Array.from({ length: tracks.count }, (_, track) =>
    Array.from({ length: tracks.changes.count(track) }, (_, i) => tracks.segment(track, i)),
  );
}

/** What the rows refer to. */
function metaOf({ strings, codes, sites, chains }: Trace) {
  return {
    strings: [...strings],
    codes: [...codes].map(([id, c]) => [id, c.name, c.file, c.firstLine, c.own ? 1 : 0] as never),
    sites: [...sites].map(([id, s]) => [id, s.code, s.line, s.endLine, s.column, s.endColumn] as never),
    chains: [...chains].map(([id, c]) => [id, c.sites, c.kind, c.label] as never),
  };
}
