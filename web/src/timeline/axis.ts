/**
 * The axis: seconds of the program's clock, whatever the scale. In the scale of turns the clock stands still during a
 * burst of runs and flows between bursts; both are shown:
 *
 *     0 s        + 50 ms          50 ms       + 50 ms         100 ms
 *     ├──────┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┤├────────┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┤├────┤
 */
import { duration } from '../trace/reason';
import type { X } from '../trace/scale';
import type { Seconds } from '../trace/trace';
import type { Tracks } from '../trace/tracks';
import type { Px } from './layout';

export interface Tick {
  px: Px;
  label: string;
}

/** A stretch of the scale in which the clock stands still. */
export interface Burst {
  from: Px;
  to: Px;
  clock: Seconds;
  runs: number;
  label: string;
}

/** Pixels between ticks, at least. */
const TICK_ROOM: Px = 84;
/** Bursts are sought only while few runs can be seen: else they are too small to be told apart. */
const MANY_RUNS = 1500;
/** Pixels of clock within what is still one burst. */
const DRIFT: Px = 3;

/** 1, 2 or 5 times a power of ten, not below `least`. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = least / power;
  return (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10) * power;
}

export function ticks(tracks: Tracks, x0: X, dx: number, width: Px): Tick[] {
  const { scale, trace } = tracks;
  const from = Math.max(0, scale.clockAt(x0));
  const to = Math.min(trace.now, scale.clockAt(x0 + width * dx));
  const step = niceStep(TICK_ROOM * dx);
  const found: Tick[] = [];
  let last = -Infinity;
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to * (1 + 1e-12); n++) {
    const px = (scale.reaches(n * step) - x0) / dx;
    if (px < -1 || px > width + 1 || px - last < TICK_ROOM * 0.7) continue;
    found.push({ px, label: duration(n * step, step) });
    last = px;
    if (step === 0 || found.length > width) break;
  }
  return found;
}

export function bursts(tracks: Tracks, x0: X, dx: number, width: Px): Burst[] {
  const { scale, trace } = tracks;
  const { runs } = scale;
  if (scale.beta === 0) return [];
  const first = Math.max(0, runs.atPhase(Math.max(0, scale.phaseAt(x0))) - 1);
  const x1 = x0 + width * dx;
  const found: Burst[] = [];
  let burst: Burst | undefined;
  for (let k = first, seen = 0; k < runs.count; k++, seen++) {
    const row = runs.rowOf(k);
    const t = trace.t.at(row);
    const from = scale.begin(row);
    if (from > x1) break;
    if (seen > MANY_RUNS) return [];
    const to = scale.end(row);
    const px = (from - x0) / dx;
    // Less than a pixel of clock between two runs is no gap; a few together are.
    if (burst && px - burst.to < 1 && (t - burst.clock) / dx < DRIFT) {
      burst.to = (to - x0) / dx;
      burst.runs++;
    } else {
      burst = { from: px, to: (to - x0) / dx, clock: t, runs: 1, label: '' };
      found.push(burst);
    }
  }
  // The first one may have begun left of the window.
  const head = found[0];
  for (let k = first; head && k-- > 0 && head.from > -width; ) {
    const row = runs.rowOf(k);
    const to = (scale.end(row) - x0) / dx;
    if (head.from - to >= 1) break;
    head.from = (scale.begin(row) - x0) / dx;
    head.clock = trace.t.at(row);
    head.runs++;
  }
  // Bursts may be wide, and the clock between two of them go on for less than a tick's step.
  const grain = niceStep(TICK_ROOM * dx);
  const apart = (a: Burst, b: Burst | undefined): Seconds => (b && Math.abs(a.clock - b.clock)) || grain;
  for (const [k, b] of found.entries())
    b.label = duration(b.clock, Math.min(grain, apart(b, found[k - 1]), apart(b, found[k + 1])));
  return found.filter((b) => b.to >= 0);
}
