/**
 * What is seen of a run as a picture of its own: the frame as the screen shows it, the tracks' names, which the screen
 * has beside its canvas, and the legend.
 */
import { stepsWord } from '../trace/describe';
import { isFold } from '../trace/folds';
import { LOOP_TRACK } from '../trace/tracks';
import type { TreeRow } from '../trace/tree';
import { Lanes, laneName, lanesOf } from './lanes';
import type { Px } from './layout';
import { plotWidth } from './layout';
import { type Sample, samplesOf } from './legend';
import { nameOf } from './names';
import { Overview } from './overview';
import { type FrameInput, paintFrame } from './paint';
import { drawLabel } from './shapes';
import { Strips } from './strips';
import { shortenMiddle, textWidth } from './text';

/** Device pixels per CSS pixel: enough for paper. */
export const FINE = 3;
const INDENT: Px = 14;
const DEEPEST = 6;
const PAD: Px = 12;
/** What a label keeps free at either side. */
const NAME_PAD: Px = 5;
/** The legend's height, and what each line more adds. */
const LEGEND: Px = 34;
const LINE: Px = 22;
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
  const measure = document.createElement('canvas').getContext('2d');
  const wide = (words: string): Px => (measure ? textWidth(measure, theme.label, words) : 0);
  const lines = linesOf(samplesOf(tracks, Boolean(input.path?.length)), layout.width, wide);
  const height = foot + LEGEND + Math.max(0, lines.length - 1) * LINE;
  return {
    width: layout.width,
    height,
    paint(context) {
      context.fillStyle = theme.paper;
      context.fillRect(0, 0, layout.width, height);
      const strips = new Strips(theme, Math.round(plotWidth(layout) * FINE), FINE, rows[1] - rows[0] + 3);
      const shown = tracks.tree().slice(rows[0], rows[1]);
      const wanted = [LOOP_TRACK, ...shown.map(({ track }) => track).filter((track) => track > 0)];
      // Each time as many as fit into a frame of the screen.
      while (strips.prepare(tracks, wanted, input.x0, view.dx / FINE, Infinity));
      const overview = new Overview(() => undefined);
      const lanes = new Lanes(() => undefined);
      paintFrame(context, { ...input, layout, strips, lanes, overview, now: Infinity, late: () => false });
      paintNames(context, { ...input, layout });
      paintLegend(context, input, lines, foot);
    },
  };
}

function paintNames(context: CanvasRenderingContext2D, input: PictureInput): void {
  const { layout, tracks, theme, view, rows } = input;
  const stepsAt = ({ track }: TreeRow): string =>
    layout.narrow || track <= LOOP_TRACK ? '' : stepsWord(tracks.stepsOf(track).length);
  const leftOf = ({ depth }: TreeRow): Px => PAD - 5 + INDENT * Math.min(depth, DEEPEST);
  const rightOf = (row: TreeRow): Px => layout.gutter - PAD - textWidth(context, theme.label, stepsAt(row));
  const name = (row: TreeRow, mid: Px): void => {
    const style = { color: theme.ink, font: theme.label, size: theme.size };
    const steps = stepsAt(row);
    const right = rightOf(row);
    const room = right - leftOf(row) - 2 * NAME_PAD;
    const whole = nameOf(tracks, row);
    const shown = isFold(row) ? whole : shortenMiddle(context, theme.label, whole, room);
    drawLabel(context, shown, style, { x: leftOf(row), right, mid }, [0, right]);
    if (!steps) return;
    const quiet = { ...style, color: theme.quiet, whole: true };
    drawLabel(context, steps, quiet, { x: right - 2, right: layout.gutter, mid }, [0, layout.gutter]);
  };
  context.save();
  context.beginPath();
  context.rect(0, layout.rowsTop, layout.gutter, layout.height - layout.rowsTop);
  context.clip();
  for (let row = Math.max(1, rows[0]); row < rows[1]; row++) {
    const shown = tracks.tree()[row];
    if (!shown) continue;
    const mid = layout.rowsTop + (row - 0.5) * layout.row - Math.round(view.top);
    name(shown, mid);
  }
  context.restore();
  const [loop] = tracks.tree();
  if (loop) name(loop, (layout.loopTop + layout.lanesTop) / 2);
  lanesOf(tracks, layout).forEach((level, k) => {
    const mid = layout.lanesTop + (k + 0.5) * layout.lane;
    const style = { color: theme.quiet, font: theme.label, size: theme.size };
    const place = { x: PAD - 5, right: layout.gutter - PAD, mid };
    drawLabel(context, laneName(tracks.trace, level), style, place, [0, layout.gutter]);
  });
}

/** The legend in lines, each as long as there is room for. */
function linesOf(samples: readonly Sample[], width: Px, wide: (words: string) => Px): Sample[][] {
  const lines: Sample[][] = [];
  let x = Infinity;
  for (const sample of samples) {
    const next = SAMPLE + 4 + wide(sample.words) + PAD + 4;
    if (x + next > width) {
      lines.push([]);
      x = PAD;
    }
    lines.at(-1)?.push(sample);
    x += next;
  }
  return lines;
}

function paintLegend(
  context: CanvasRenderingContext2D,
  { layout, theme }: PictureInput,
  lines: readonly Sample[][],
  top: Px,
): void {
  context.fillStyle = theme.line;
  context.fillRect(0, top, layout.width, 1);
  const style = { color: theme.quiet, font: theme.label, size: theme.size, whole: true };
  lines.forEach((line, k) => {
    const mid = top + (LEGEND - LINE) / 2 + (k + 0.5) * LINE;
    let x = PAD;
    for (const { words, draw } of line) {
      const width = textWidth(context, theme.label, words);
      draw(context, theme, { x, right: x + SAMPLE, mid, height: 16 });
      x += SAMPLE + 4;
      drawLabel(context, words, style, { x, right: x + width + 8, mid }, [0, layout.width]);
      x += width + PAD + 4;
    }
  });
}
