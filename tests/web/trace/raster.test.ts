/** Level of detail against brute force: every pixel of a row, from the list of its segments. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STATES } from '../../../web/src/trace/changes';
import { rasterRow } from '../../../web/src/trace/raster';
import { State } from '../../../web/src/trace/reason';
import { type Segment, Tracks } from '../../../web/src/trace/tracks';
import { type Program, randomProgram, traceOf } from '../helpers/programs';

const WIDTH = 60;

function tracksOf(program: Program): Tracks {
  const tracks = new Tracks(traceOf(program));
  tracks.update();
  return tracks;
}

function segmentsOf(tracks: Tracks, track: number): Segment[] {
  const segments: Segment[] = [];
  for (let i = 0; i < tracks.changes.count(track); i++) segments.push(tracks.segment(track, i) as Segment);
  return segments.filter((segment) => segment.state !== State.NONE);
}

const window = fc.record({
  from: fc.double({ min: -0.2, max: 1, noNaN: true }),
  zoom: fc.double({ min: 0, max: 8, noNaN: true }),
  scale: fc.constantFrom('turns' as const, 'time' as const),
});

test('without shapes every pixel holds exactly what lies in it, and tells whether something ran', () => {
  fc.assert(
    fc.property(randomProgram(), window, (program, { from, zoom, scale }) => {
      const tracks = tracksOf(program);
      tracks.setScale(scale);
      const now = tracks.scale.now() || 1;
      const x0 = from * now;
      const dx = now / WIDTH / 2 ** zoom;
      for (let track = 0; track < tracks.count; track++) {
        const segments = segmentsOf(tracks, track);
        const drawn: { mix: number[]; ran: boolean }[] = [];
        rasterRow(tracks, track, x0, dx, WIDTH, Infinity, {
          wide: () => expect.unreachable(),
          pixel: (c, mix, ran) => {
            expect(drawn[c]).toBeUndefined();
            drawn[c] = { mix: [...mix], ran };
          },
        });
        for (let c = 0; c < WIDTH; c++) {
          const [a, b] = [x0 + c * dx, x0 + (c + 1) * dx];
          const mix = new Array(STATES).fill(0);
          for (const { state, x0: s0, x1: s1 } of segments)
            mix[state] += Math.max(0, Math.min(b, s1) - Math.max(a, s0));
          const got = drawn[c]?.mix ?? new Array(STATES).fill(0);
          for (let s = 0; s < STATES; s++) expect(Math.abs(got[s] - mix[s])).toBeLessThan(dx * 1e-6 + 1e-12);
          // A run of no length on the very edge belongs to either pixel.
          const edge = dx * 1e-6 + 1e-12;
          const sure = segments.some((s) => s.state === State.RUN && s.x0 > a + edge && s.x0 < b - edge);
          const could = segments.some((s) => s.state === State.RUN && s.x1 >= a - edge && s.x0 <= b + edge);
          if (sure) expect(drawn[c]?.ran).toBe(true);
          if (!could) expect(drawn[c]?.ran ?? false).toBe(false);
        }
      }
    }),
    { numRuns: 80 },
  );
});

test('shapes and pixels never overlap, and every run of the window is in one of them', () => {
  fc.assert(
    fc.property(
      randomProgram(),
      window,
      fc.integer({ min: 2, max: 8 }),
      (program, { from, zoom, scale }, wide) => {
        const tracks = tracksOf(program);
        tracks.setScale(scale);
        const now = tracks.scale.now() || 1;
        const x0 = from * now;
        const dx = now / WIDTH / 2 ** zoom;
        for (let track = 0; track < tracks.count; track++) {
          const taken = new Array(WIDTH).fill(0);
          const shown = new Set<number>();
          const pixels: boolean[] = [];
          rasterRow(tracks, track, x0, dx, WIDTH, wide, {
            wide: (index, a, b) => {
              shown.add(index);
              for (let c = Math.max(0, a); c < Math.min(WIDTH, b); c++) taken[c]++;
              const segment = tracks.segment(track, index) as Segment;
              expect(segment.x1 - segment.x0).toBeGreaterThanOrEqual(wide * dx * (1 - 1e-9));
              expect(Math.abs((segment.x1 - x0) / dx - b)).toBeLessThanOrEqual(0.5 + 1e-6);
            },
            pixel: (c, _mix, ran) => {
              taken[c]++;
              pixels[c] = ran;
            },
          });
          expect(Math.max(...taken)).toBeLessThanOrEqual(1);
          for (const segment of segmentsOf(tracks, track)) {
            const c = (segment.x0 - x0) / dx;
            if (segment.state !== State.RUN || shown.has(segment.index) || c < 0.01 || c > WIDTH - 2)
              continue;
            const near = [c - 1, c, c + 1].some((at) => pixels[Math.floor(at + 1e-6)]);
            expect(near).toBe(true);
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});

// A line keeps sums of clocks alone while the scale is of time, and makes them anew when steps have widths.
test.each([
  ['time', 'turns', 'time'],
  ['turns', 'time', 'turns'],
] as const)('sums of blocks hold on long tracks at every zoom: %s, then %s, then %s', (...scales) => {
  const actions = Array.from(
    { length: 300 },
    (_, i) => ({ do: 'sleep', seconds: [0, 0.001, 0.02][i % 3] as number }) as const,
  );
  const tracks = tracksOf({ actions, cost: 0.0005 });
  for (const scale of scales) {
    tracks.setScale(scale);
    for (const track of [0, 1]) {
      const segments = segmentsOf(tracks, track);
      expect(segments.length).toBeGreaterThan(500);
      for (const pixels of [1, 3, 17]) expectExact(tracks, track, segments, pixels);
    }
  }
});

function expectExact(tracks: Tracks, track: number, segments: readonly Segment[], pixels: number): void {
  const dx = tracks.scale.now() / pixels;
  rasterRow(tracks, track, 0, dx, pixels, Infinity, {
    wide: () => undefined,
    pixel: (c, mix) => {
      for (let s = 0; s < STATES; s++) {
        const exact = segments
          .filter((segment) => segment.state === s)
          .reduce(
            (sum, { x0, x1 }) => sum + Math.max(0, Math.min((c + 1) * dx, x1) - Math.max(c * dx, x0)),
            0,
          );
        expect(mix[s]).toBeCloseTo(exact, 9);
      }
    },
  });
}
