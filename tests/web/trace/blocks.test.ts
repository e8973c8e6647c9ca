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

test('sums that are made a few at a time, while a trace grows, are those that are made at one go', () => {
  const whole = traceOf({ actions: SLEEPS, cost: 0.0005 });
  const part = fc.integer({ min: 1, max: 80 });
  fc.assert(
    fc.property(
      part,
      fc.boolean(),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
      (rows, hurry, cuts) => {
        const growing = new Trace();
        const tracks = new Tracks(growing);
        const turns = new Bits();
        const line = new TurnLine(growing, tracks.scale, turns, new Blocks(8, 4));
        for (let from = 0; from < whole.count; from += rows) {
          const to = Math.min(whole.count, from + rows);
          growing.append({
            meta: from ? {} : metaOf(whole),
            count: to - from,
            rows: rowsOf(whole, from, to),
          });
          tracks.update();
          for (let row = from; row < to; row++) {
            if (beginsTurn(growing.kind.at(row), growing.how.at(row), growing.flags.at(row))) turns.add(row);
          }
          line.forget();
          line.ready(1, () => hurry);
        }
        while (!line.ready(1, () => true));
        expect(line.ready(1, () => true)).toBe(true);
        const once = new TurnLine(growing, tracks.scale, turns, new Blocks(8, 1000));
        const at = cuts.map((cut) => Math.floor(cut * (line.count - 1))).sort((a, b) => a - b);
        for (let k = 1; k < at.length; k++) {
          const [i, j] = [at[k - 1] as number, at[k] as number];
          const [one, two] = [new Float64Array(STATES), new Float64Array(STATES)];
          line.mix(i, line.x(i), j, line.x(j), one);
          once.mix(i, once.x(i), j, once.x(j), two);
          expect(one).toEqual(two);
        }
      },
    ),
    { numRuns: 60 },
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
