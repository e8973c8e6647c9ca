/** Below the loop's track, a lane for each number over time: a step line with its area, and the number where there is room. */
import type { Level, Raster } from '../trace/levels';
import { primitiveLabel, State } from '../trace/reason';
import type { X } from '../trace/scale';
import type { Trace } from '../trace/trace';
import type { Tracks } from '../trace/tracks';
import type { Layout, Px } from './layout';
import { type Context, drawLabel } from './shapes';
import { textWidth } from './text';
import type { Theme } from './theme';

/** Queues that have a lane. */
const QUEUES = 2;
const AREA_ALPHA = 0.2;
/** Something is seen to be there however little it is. */
const LEAST: Px = 3;
const PAD: Px = 3;

/** The numbers there is room for: the ready queue first. */
export function lanesOf(tracks: Tracks, { lanes }: Layout): Level[] {
  return lanes > 0 ? tracks.levels.chosen(QUEUES).slice(0, lanes) : [];
}

/** Lanes that a trace could fill. */
export function lanesWanted(tracks: Tracks): number {
  return Math.min(tracks.levels.count, 1 + QUEUES);
}

export function laneName(trace: Trace, { id }: Level): string {
  return id === 0 ? 'ready queue' : primitiveLabel(trace, id);
}

/** 'most 3', 'most 3 of 5'; of a long run the most is known only of what was looked at. */
export function laneMost(trace: Trace, { id, most }: Level, raster?: Raster): string {
  if (raster?.tooMuch) return 'zoom in';
  const bound = trace.primitives.get(id)?.bound ?? 0;
  return bound > 0 ? `most ${most} of ${bound}` : `most ${most}`;
}

export interface LaneScene {
  context: Context;
  theme: Theme;
  /** Edge of the plot. */
  left: Px;
}

/** Draws one lane: `top` and `height` are those of its place. */
export function drawLane(scene: LaneScene, level: Level, raster: Raster, top: Px, height: Px): void {
  const { context, theme, left } = scene;
  const { least, most } = raster;
  const color = theme.states[level.id === 0 ? State.READY : State.QUEUE] as string;
  const bottom = top + height - PAD;
  const rise = (value: number): Px =>
    value <= 0 ? 0 : Math.max(LEAST, Math.round((value / Math.max(1, level.most)) * (height - 2 * PAD)));
  const width = least.length;
  let last = -1;
  for (let c = 0; c < width; ) {
    const [low, high] = [least[c] as number, most[c] as number];
    let to = c + 1;
    while (to < width && least[to] === low && most[to] === high) to++;
    if (high >= 0) {
      const x = left + c;
      const up = rise(high);
      context.fillStyle = color;
      context.globalAlpha = AREA_ALPHA;
      if (up > 0) context.fillRect(x, bottom - up, to - c, up);
      context.globalAlpha = high > 0 ? 1 : 0.35;
      // Up or down from the number before, and along.
      const from = last < 0 ? low : Math.min(low, last);
      const upTo = Math.max(high, last);
      if (upTo > from) context.fillRect(x, bottom - rise(upTo), 1, rise(upTo) - rise(from) + 1);
      context.fillRect(x, bottom - up, to - c, Math.max(1, rise(high) - rise(low)));
      context.globalAlpha = 1;
      if (low === high && high > 0) {
        const text = String(high);
        const room = to - c - 6;
        if (room >= textWidth(context, theme.label, text)) {
          const style = {
            color: theme.ink,
            font: theme.label,
            size: theme.size,
            paper: theme.paper,
            whole: true,
          };
          drawLabel(context, text, style, { x: x + 1, right: left + to, mid: top + height / 2 }, [
            left,
            left + width,
          ]);
        }
      }
      last = low === high ? high : -1;
    } else last = -1;
    c = to;
  }
}

/** Rasters of the lanes on screen, computed again only when what they show has changed. */
export class Lanes {
  private rasters = new Map<Level, { key: string; raster: Raster }>();

  /** `again` asks for another frame: a lane that is new waits for one that has time for it. */
  constructor(private readonly again: () => void) {}

  /** The raster of a level as it was drawn last. */
  of(level: Level): Raster | undefined {
    return this.rasters.get(level)?.raster;
  }

  /** Rasters for a window; undefined: in another frame. */
  prepare(
    tracks: Tracks,
    levels: readonly Level[],
    [x0, dx]: readonly [X, X],
    width: number,
    late: () => boolean,
  ): (Raster | undefined)[] {
    const key = `${tracks.version}:${x0}:${dx}:${width}`;
    const kept = this.rasters;
    this.rasters = new Map();
    return levels.map((level) => {
      const before = kept.get(level);
      if (!before && late()) {
        this.again();
        return undefined;
      }
      const raster = before?.key === key ? before.raster : level.raster(x0, dx, width);
      this.rasters.set(level, { key, raster });
      return raster;
    });
  }
}

/** The lanes' names, left of them: a list, because they are no rows of the tasks' grid. */
export class LaneNames {
  readonly element = document.createElement('ul');
  private shown = '';

  constructor() {
    this.element.className = 'ls-lanes';
    this.element.setAttribute('aria-label', 'Lengths of queues');
  }

  update(trace: Trace | undefined, levels: readonly Level[], layout: Layout, lanes?: Lanes): void {
    const { element } = this;
    const words = trace
      ? levels.map((level) => [laneName(trace, level), laneMost(trace, level, lanes?.of(level))])
      : [];
    const key = `${layout.gutter}:${layout.lanesTop}:${layout.lane}:${layout.narrow}:${words.join('|')}`;
    if (key === this.shown) return;
    this.shown = key;
    element.hidden = words.length === 0;
    element.style.top = `${layout.lanesTop}px`;
    element.style.width = `${layout.gutter}px`;
    element.replaceChildren(
      ...words.map(([name = '', most = '']) => {
        const item = document.createElement('li');
        item.style.height = item.style.lineHeight = `${layout.lane}px`;
        item.title = `${name}: ${most}`;
        const label = document.createElement('span');
        label.className = 'ls-name';
        label.textContent = name;
        const count = document.createElement('span');
        count.className = 'ls-steps';
        count.textContent = most;
        item.append(label, count);
        return item;
      }),
    );
  }
}
