/** The whole run on one strip, with the window on it. Drawn anew only when the trace has grown. */
import { STATES } from '../trace/changes';
import { type RowSink, rasterRow } from '../trace/raster';
import { State } from '../trace/reason';
import { LOOP_TRACK, type Tracks } from '../trace/tracks';
import type { Layout, Px } from './layout';
import { plotWidth } from './layout';
import type { Theme } from './theme';
import type { Viewport } from './viewport';

/** Up to so many tasks have a line each; with more, the strip shows how busy the loop was. */
const LINES = 18;
/**
 * While a run streams the strip lags: it is a map, not the territory. Milliseconds, at least and at most; and in times of
 * what a drawing takes. A drawing that is dear beyond measure still leaves the page most of its time.
 */
const EVERY = 250;
const LAG = 500;
const REST = 30;
const DEAR = 4;
const PAD: Px = 5;

/** How long the strip may lag after a drawing that took `cost`; `soon`: where the program waits. All in milliseconds. */
export function lagAfter(cost: number): { soon: number; due: number } {
  const soon = Math.max(EVERY, DEAR * cost);
  return { soon, due: Math.max(soon, Math.min(LAG, REST * cost)) };
}

export class Overview {
  private readonly canvas = document.createElement('canvas');
  private key = '';
  private shown: Tracks | undefined;
  private dueAt = 0;
  /** Not before: also where the program waits, and nothing more may come for long. */
  private soonAt = 0;
  private late: ReturnType<typeof setTimeout> | undefined;

  /** `again` asks for another frame: while a run streams the strip lags, and waits for one that has time for it. */
  constructor(private readonly again: () => void) {}

  draw(
    context: CanvasRenderingContext2D,
    theme: Theme,
    layout: Layout,
    tracks: Tracks,
    view: Viewport,
    now: number,
    late: () => boolean,
  ): void {
    const width = plotWidth(layout);
    const height = layout.axisTop - PAD * 2;
    const { trace } = tracks;
    const key = `${width}:${layout.ratio}:${theme.paper}:${tracks.version}`;
    const fresh = key === this.key && tracks === this.shown;
    const dueAt = trace.life === 'waits' ? this.soonAt : this.dueAt;
    const due = trace.exit !== undefined || tracks !== this.shown || now >= dueAt;
    if (!fresh && due && late()) this.again();
    else if (!fresh && due) {
      clearTimeout(this.late);
      const begin = performance.now();
      this.paint(theme, tracks, width, height, layout.ratio);
      const { soon, due } = lagAfter(performance.now() - begin);
      this.soonAt = now + soon;
      this.dueAt = now + due;
      this.key = key;
      this.shown = tracks;
    } else if (!fresh) {
      clearTimeout(this.late);
      this.late = setTimeout(this.again, Math.max(0, dueAt - now) + 1);
    }
    const left = layout.gutter;
    context.imageSmoothingEnabled = false;
    if (tracks === this.shown) context.drawImage(this.canvas, left, PAD, width, height);
    const [a, b] = this.window(layout, tracks, view);
    context.fillStyle = theme.paper;
    context.globalAlpha = 0.6;
    context.fillRect(left, 0, Math.max(0, a - left), layout.axisTop - 1);
    context.fillRect(b, 0, Math.max(0, layout.width - b), layout.axisTop - 1);
    context.globalAlpha = 1;
    context.strokeStyle = view.whole ? theme.line : theme.quiet;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(Math.round(a) + 0.5, 2.5, Math.max(3, Math.round(b - a) - 1), layout.axisTop - 6, 3);
    context.stroke();
  }

  /** Left and right edge of the window on the strip. */
  window(layout: Layout, tracks: Tracks, view: Viewport): [Px, Px] {
    const width = plotWidth(layout);
    const perPx = tracks.scale.now() / width || 1;
    const a = layout.gutter + Math.max(0, view.x0 / perPx);
    const b = layout.gutter + Math.min(width, view.x1 / perPx);
    return [Math.min(a, layout.width - 4), Math.max(b, a + 4)];
  }

  private paint(theme: Theme, tracks: Tracks, width: Px, height: Px, ratio: number): void {
    const { canvas } = this;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d');
    if (!context) return;
    const dx = tracks.scale.now() / canvas.width || 1;
    const tree = tracks.tree();
    if (tracks.trace.tasks.length > LINES || tree.length === 1) {
      context.fillStyle = theme.states[State.RUN] as string;
      rasterRow(tracks, LOOP_TRACK, 0, dx, canvas.width, Infinity, bars(context, dx, 0, canvas.height));
      return;
    }
    const line = canvas.height / (tree.length - 1);
    tree.forEach(({ track }, r) => {
      if (r === 0 || track < 0) return;
      const thick = Math.min(line * 0.72, 5 * ratio);
      const top = (r - 0.5) * line - thick / 2;
      const put = (state: State, from: number, to: number): void => {
        const run = state === State.RUN;
        context.globalAlpha = run ? 1 : 0.3;
        context.fillStyle = theme.states[state] as string;
        context.fillRect(from, run ? top : top + thick * 0.25, to - from, run ? thick : thick * 0.5);
      };
      const sink = stretches(put);
      rasterRow(tracks, track, 0, dx, canvas.width, Infinity, sink);
      sink.end();
    });
    context.globalAlpha = 1;
  }
}

/** Pixels in a row that look alike, told as one. */
function stretches(put: (state: State, from: number, to: number) => void): RowSink & { end(): void } {
  let state: State = State.NONE;
  let from = 0;
  let to = 0;
  const end = (): void => {
    if (to > from) put(state, from, to);
  };
  return {
    end,
    wide: () => undefined,
    pixel: (c, mix, ran) => {
      let most: State = State.READY;
      for (let s = 1; s < STATES; s++) if ((mix[s] as number) > (mix[most] as number)) most = s as State;
      if (ran || (mix[State.RUN] as number) > 0) most = State.RUN;
      if (most !== state || c !== to) {
        end();
        state = most;
        from = c;
      }
      to = c + 1;
    },
  };
}

/** How busy the loop was in each pixel, as the height of a bar. */
function bars(context: CanvasRenderingContext2D, dx: number, top: Px, height: Px): RowSink {
  return {
    wide: () => undefined,
    pixel: (c, mix, ran) => {
      const share = Math.min(1, (mix[State.RUN] as number) / dx);
      const size = Math.max(ran ? 2 : 0, Math.sqrt(share) * height);
      context.fillRect(c, top + height - size, 1, size);
    },
  };
}
