/**
 * How a segment looks. What runs is solid and tall; what waits is a pale band on a line, whose hue and pattern tell
 * what it waits for; READY is hatched.
 *
 *     RUN ████████   SLEEP ░░░░░░░░   SYNC ░░░░░░░░   READY ╱╱╱╱╱╱╱╱
 *         ████████         ────────        ── ── ──         ╱╱╱╱╱╱╱╱
 */
import { State } from '../trace/reason';
import type { Px } from './layout';
import { shorten, textWidth } from './text';
import type { Theme } from './theme';

/** What waits is this much lower than what runs. */
const LOWER: Px = 4;
/** Labels stand in segments from this width on. */
export const LABEL_FROM: Px = 40;
const PAD: Px = 5;
/** Of labels that stand whole or not at all. */
const TIGHT: Px = 2;
const LINE: Px = 2;

/** Dash patterns of the lines below what waits: on, off, … in pixels. Empty: solid. */
const DASHES: Partial<Record<State, number[]>> = {
  [State.SYNC]: [7, 3],
  [State.QUEUE]: [2, 3],
  [State.IO]: [8, 3, 2, 3],
  [State.OTHER]: [1, 5],
};

export type Context = Pick<
  CanvasRenderingContext2D,
  | 'save'
  | 'restore'
  | 'beginPath'
  | 'closePath'
  | 'moveTo'
  | 'lineTo'
  | 'bezierCurveTo'
  | 'rect'
  | 'roundRect'
  | 'clip'
  | 'fill'
  | 'stroke'
  | 'fillRect'
  | 'strokeRect'
  | 'fillText'
  | 'measureText'
  | 'setLineDash'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'globalAlpha'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
>;

/** A segment's place: its left and right edge, the middle of its row, and the height of a run there. */
export interface Place {
  x: Px;
  right: Px;
  mid: Px;
  height: Px;
}

export function waitHeight(run: Px): Px {
  return run - LOWER;
}

export function drawRun(
  context: Context,
  theme: Theme,
  { x, right, mid, height }: Place,
  open = false,
): void {
  context.fillStyle = theme.states[State.RUN] as string;
  bar(context, x, right, mid, height, open);
  if (open && right - x >= 6) drawGrowing(context, theme, right - 1, mid, height);
}

/** A run on the loop's track: what ran is told by the task's own track, so here it is quiet; callbacks are quieter. */
export function drawTurn(
  context: Context,
  theme: Theme,
  { x, right, mid, height }: Place,
  callback: boolean,
): void {
  context.fillStyle = theme.states[State.RUN] as string;
  context.globalAlpha = callback ? 0.2 : 0.42;
  bar(context, x, right, mid, height, false);
  context.globalAlpha = 1;
}

function bar(context: Context, x: Px, right: Px, mid: Px, height: Px, open: boolean): void {
  const width = right - x;
  if (width >= 6) {
    context.beginPath();
    context.roundRect(x, mid - height / 2, width - 1, height, open ? [2, 0, 0, 2] : 2);
    context.fill();
  } else context.fillRect(x, mid - height / 2, Math.max(1, width - (width >= 3 ? 1 : 0)), height);
}

/** The torn edge of a step that still runs. */
function drawGrowing(context: Context, theme: Theme, right: Px, mid: Px, height: Px): void {
  const top = mid - height / 2;
  context.fillStyle = theme.paper;
  context.beginPath();
  context.moveTo(right + 1, top - 1);
  for (let k = 0; k < 5; k++) context.lineTo(right - (k % 2 ? 0 : 3), top + (k * height) / 4);
  context.lineTo(right + 1, top + height + 1);
  context.closePath();
  context.fill();
}

/** `words`: puts words into the segment and says where they end. What is READY is hatched behind them. */
export function drawWait(
  context: Context,
  theme: Theme,
  state: State,
  place: Place,
  words: () => Px | undefined = () => undefined,
): void {
  const { x, right, mid } = place;
  const color = theme.states[state] as string;
  const height = waitHeight(place.height);
  const top = mid - height / 2;
  const width = right - x;
  context.fillStyle = color;
  context.globalAlpha = 0.13;
  context.fillRect(x, top, width, height);
  context.globalAlpha = 1;
  const free = words() ?? x;
  if (state === State.READY) {
    drawHatch(context, color, free, top, right - free, height);
    return;
  }
  context.fillStyle = color;
  const bottom = top + height;
  if (state === State.TASK) {
    context.fillRect(x, bottom - 4, width, 1);
    context.fillRect(x, bottom - 1, width, 1);
    return;
  }
  const thick = state === State.SLEEP ? 1 : LINE;
  context.strokeStyle = color;
  context.lineWidth = thick;
  context.setLineDash(DASHES[state] ?? []);
  context.beginPath();
  context.moveTo(x, bottom - thick / 2);
  context.lineTo(right, bottom - thick / 2);
  context.stroke();
  context.setLineDash([]);
}

/** Diagonal lines that move with the segment and are cut by its edges. */
function drawHatch(context: Context, color: string, x: Px, top: Px, width: Px, height: Px): void {
  const right = x + width;
  const bottom = top + height;
  context.strokeStyle = color;
  context.globalAlpha = 0.75;
  context.lineWidth = 1;
  context.beginPath();
  // Cut by hand: a clip for each of hundreds of segments is dear.
  for (let at = x - height; at < right; at += 5) {
    const from = Math.max(at, x);
    const to = Math.min(at + height, right);
    context.moveTo(from, bottom - (from - at));
    context.lineTo(to, bottom - (to - at));
  }
  context.stroke();
  context.globalAlpha = 1;
}

export interface LabelStyle {
  color: string;
  font: string;
  /** Height of the letters' box. */
  size: Px;
  /** A colour to put behind the text, where a pattern would make it hard to read. */
  paper?: string;
  /** Only as a whole: no ellipsis. */
  whole?: boolean;
}

/** Text in a segment where there is room: cut with an ellipsis, left-aligned, kept on screen. Where it ends; undefined: no room. */
export function drawLabel(
  context: Context,
  text: string,
  { color, font, size, paper, whole }: LabelStyle,
  { x, right, mid }: Pick<Place, 'x' | 'right' | 'mid'>,
  [first, to]: readonly [Px, Px],
): Px | undefined {
  const pad = whole ? TIGHT : PAD;
  const left = Math.max(x, first) + pad;
  const room = Math.min(right, to) - pad - left;
  if (!text || room < (whole ? 8 : LABEL_FROM - 2 * PAD)) return undefined;
  const shown = shorten(context, font, text, room);
  if (!shown || (whole && shown !== text)) return undefined;
  if (paper) {
    context.fillStyle = paper;
    context.globalAlpha = 0.85;
    const height = size + 3;
    // From the very edge: what is left of a pattern before the words looks like one of their letters.
    const from = left - pad;
    context.fillRect(from, mid - height / 2, left - from + textWidth(context, font, shown) + 2, height);
    context.globalAlpha = 1;
  }
  context.font = font;
  context.fillStyle = color;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(shown, left, mid + 0.5);
  return left + textWidth(context, font, shown) + pad;
}

/** A red cross behind a run that failed, or a notch where a task was cancelled. */
export function drawEnd(
  context: Context,
  theme: Theme,
  kind: 'raised' | 'cancelled',
  x: Px,
  mid: Px,
  height: Px,
): void {
  context.strokeStyle = theme.error;
  context.lineWidth = 2;
  context.beginPath();
  if (kind === 'raised') {
    const r = 4.5;
    const at = x + r + 3;
    context.moveTo(at - r, mid - r);
    context.lineTo(at + r, mid + r);
    context.moveTo(at + r, mid - r);
    context.lineTo(at - r, mid + r);
  } else {
    context.moveTo(x + 1, mid - height / 2 - 2);
    context.lineTo(x + 1, mid + height / 2 + 2);
    context.moveTo(x + 1, mid);
    context.lineTo(x + 8, mid);
  }
  context.stroke();
}

/** A tick above the run that wrote something. */
export function drawOutput(context: Context, color: string, x: Px, top: Px): void {
  context.fillStyle = color;
  context.fillRect(x - 1, top - 4, 2, 3);
}

/** Where a request to cancel reached a task: a small arrowhead that points at its track. */
export function drawCancel(context: Context, theme: Theme, x: Px, top: Px): void {
  const y = top - 3;
  context.fillStyle = theme.error;
  context.beginPath();
  context.moveTo(x - 4, y - 1);
  context.lineTo(x + 4, y - 1);
  context.lineTo(x, y + 5);
  context.closePath();
  context.fill();
}
