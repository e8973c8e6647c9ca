/**
 * What is seen of a run as a picture of its own: the frame as the screen shows it, the tracks' names, which the screen
 * has beside its canvas, and the legend.
 */
import { stepsWord, trackLabel } from '../trace/describe';
import { foldWords, isFold } from '../trace/folds';
import { STATE_WORDS, State } from '../trace/reason';
import { LOOP_TRACK } from '../trace/tracks';
import { Lanes, laneName, lanesOf } from './lanes';
import type { Px } from './layout';
import { plotWidth } from './layout';
import { Overview } from './overview';
import { type FrameInput, paintFrame } from './paint';
import { drawLabel, drawRun, drawWait } from './shapes';
import { Strips } from './strips';
import { textWidth } from './text';

/** Device pixels per CSS pixel: enough for paper. */
export const FINE = 3;
const INDENT: Px = 14;
const DEEPEST = 6;
const PAD: Px = 12;
const LEGEND: Px = 34;
const SAMPLE: Px = 20;

export type PictureInput = Omit<FrameInput, 'strips' | 'lanes' | 'overview' | 'now' | 'late'>;

export interface Picture {
  width: Px;
  height: Px;
  paint(context: CanvasRenderingContext2D): void;
}

export function pictureOf(input: PictureInput): Picture {
  const layout = { ...input.layout, ratio: FINE };
  const { tracks, theme, view, rows } = input;
  const foot = layout.height;
  return {
    width: layout.width,
    height: layout.height + LEGEND,
    paint(context) {
      context.fillStyle = theme.paper;
      context.fillRect(0, 0, layout.width, layout.height + LEGEND);
      const strips = new Strips(theme, Math.round(plotWidth(layout) * FINE), FINE, rows[1] - rows[0] + 3);
      const shown = tracks.tree().slice(rows[0], rows[1]);
      const wanted = [LOOP_TRACK, ...shown.map(({ track }) => track).filter((track) => track > 0)];
      // Each time as many as fit into a frame of the screen.
      while (strips.prepare(tracks, wanted, input.x0, view.dx / FINE, Infinity));
      const overview = new Overview(() => undefined);
      const lanes = new Lanes(() => undefined);
      paintFrame(context, { ...input, layout, strips, lanes, overview, now: Infinity, late: () => false });
      paintNames(context, { ...input, layout });
      paintLegend(context, input, foot);
    },
  };
}

function paintNames(context: CanvasRenderingContext2D, input: PictureInput): void {
  const { layout, tracks, theme, view, rows } = input;
  const name = (track: number, depth: number, mid: Px, words = trackLabel(tracks, track)): void => {
    const left = PAD - 5 + INDENT * Math.min(depth, DEEPEST);
    const style = { color: theme.ink, font: theme.label, size: theme.size };
    const steps = track <= LOOP_TRACK ? '' : stepsWord(tracks.stepsOf(track).length);
    const room = textWidth(context, theme.label, steps);
    const right = layout.gutter - PAD - (layout.narrow ? 0 : room);
    drawLabel(context, words, style, { x: left, right, mid }, [0, right]);
    if (layout.narrow || !steps) return;
    const quiet = { ...style, color: theme.quiet, whole: true };
    const place = { x: layout.gutter - PAD - room - 2, right: layout.gutter, mid };
    drawLabel(context, steps, quiet, place, [0, layout.gutter]);
  };
  context.save();
  context.beginPath();
  context.rect(0, layout.rowsTop, layout.gutter, layout.height - layout.rowsTop);
  context.clip();
  for (let row = Math.max(1, rows[0]); row < rows[1]; row++) {
    const shown = tracks.tree()[row];
    if (!shown) continue;
    const mid = layout.rowsTop + (row - 0.5) * layout.row - Math.round(view.top);
    name(shown.track, shown.depth, mid, isFold(shown) ? foldWords(shown.children) : undefined);
  }
  context.restore();
  name(LOOP_TRACK, 0, (layout.loopTop + layout.lanesTop) / 2);
  lanesOf(tracks, layout).forEach((level, k) => {
    const mid = layout.lanesTop + (k + 0.5) * layout.lane;
    const style = { color: theme.quiet, font: theme.label, size: theme.size };
    const place = { x: PAD - 5, right: layout.gutter - PAD, mid };
    drawLabel(context, laneName(tracks.trace, level), style, place, [0, layout.gutter]);
  });
}

function paintLegend(
  context: CanvasRenderingContext2D,
  { layout, tracks, theme }: PictureInput,
  top: Px,
): void {
  context.fillStyle = theme.line;
  context.fillRect(0, top, layout.width, 1);
  const mid = top + LEGEND / 2;
  let x = PAD;
  for (let state: State = State.RUN; state < State.NONE; state++) {
    if (!tracks.changes.seen(state as State)) continue;
    const words = STATE_WORDS[state as State];
    const width = textWidth(context, theme.label, words);
    if (x + SAMPLE + width + PAD > layout.width) return;
    const place = { x, right: x + SAMPLE, mid, height: 16 };
    if (state === State.RUN) drawRun(context, theme, place);
    else drawWait(context, theme, state as State, place);
    const style = { color: theme.quiet, font: theme.label, size: theme.size, whole: true };
    x += SAMPLE + 4;
    drawLabel(context, words, style, { x, right: x + width + 8, mid }, [0, layout.width]);
    x += width + PAD + 4;
  }
}
