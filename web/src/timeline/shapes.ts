/**
 * How a segment looks. What runs is solid and tall; what waits is a pale band on a line, whose hue and pattern tell
 * what it waits for; READY is hatched.
 *
 *     RUN ████████   SLEEP ░░░░░░░░   SYNC ░░░░░░░░   READY ╱╱╱╱╱╱╱╱
 *         ████████         ────────        ── ── ──         ╱╱╱╱╱╱╱╱
 */
import { State } from '../trace/reason';
import type { Px } from './layout';
import type { Theme } from './theme';

export const RUN_HEIGHT: Px = 20;
export const WAIT_HEIGHT: Px = 16;
/** Labels stand in segments from this width on. */
export const LABEL_FROM: Px = 40;
const PAD: Px = 5;
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

/** A segment's place: its left and right edge, and the middle of its row. */
export interface Place {
  x: Px;
  right: Px;
  mid: Px;
}

export function drawRun(context: Context, theme: Theme, { x, right, mid }: Place, open = false): void {
  const width = right - x;
  context.fillStyle = theme.states[State.RUN] as string;
  if (width >= 6) {
    context.beginPath();
    context.roundRect(x, mid - RUN_HEIGHT / 2, width - 1, RUN_HEIGHT, open ? [2, 0, 0, 2] : 2);
    context.fill();
  } else context.fillRect(x, mid - RUN_HEIGHT / 2, Math.max(1, width - (width >= 3 ? 1 : 0)), RUN_HEIGHT);
  if (open && width >= 6) drawGrowing(context, theme, right - 1, mid);
}

/** The torn edge of a step that still runs. */
function drawGrowing(context: Context, theme: Theme, right: Px, mid: Px): void {
  const top = mid - RUN_HEIGHT / 2;
  context.fillStyle = theme.paper;
  context.beginPath();
  context.moveTo(right + 1, top - 1);
  for (let k = 0; k < 5; k++) context.lineTo(right - (k % 2 ? 0 : 3), top + (k * RUN_HEIGHT) / 4);
  context.lineTo(right + 1, top + RUN_HEIGHT + 1);
  context.closePath();
  context.fill();
}

export function drawWait(context: Context, theme: Theme, state: State, { x, right, mid }: Place): void {
  const color = theme.states[state] as string;
  const top = mid - WAIT_HEIGHT / 2;
  const width = right - x;
  if (state === State.READY) {
    drawHatch(context, color, x, top, width);
    return;
  }
  context.fillStyle = color;
  context.globalAlpha = 0.13;
  context.fillRect(x, top, width, WAIT_HEIGHT);
  context.globalAlpha = 1;
  const y = top + WAIT_HEIGHT - LINE / 2;
  if (state === State.TASK) {
    context.fillRect(x, y - 3.5, width, 1);
    context.fillRect(x, y, width, 1);
    return;
  }
  context.strokeStyle = color;
  context.lineWidth = state === State.SLEEP ? 1 : LINE;
  context.setLineDash(DASHES[state] ?? []);
  context.beginPath();
  context.moveTo(x, y + (state === State.SLEEP ? 0.5 : 0));
  context.lineTo(right, y + (state === State.SLEEP ? 0.5 : 0));
  context.stroke();
  context.setLineDash([]);
}

/** Diagonal lines, anchored to the canvas: neighbours line up, and panning moves them with the segment. */
function drawHatch(context: Context, color: string, x: Px, top: Px, width: Px): void {
  context.save();
  context.beginPath();
  context.rect(x, top, width, WAIT_HEIGHT);
  context.clip();
  context.strokeStyle = color;
  context.globalAlpha = 0.75;
  context.lineWidth = 1;
  context.beginPath();
  const bottom = top + WAIT_HEIGHT;
  for (let at = Math.floor((x - WAIT_HEIGHT) / 5) * 5; at < x + width; at += 5) {
    context.moveTo(at, bottom);
    context.lineTo(at + WAIT_HEIGHT, top);
  }
  context.stroke();
  context.restore();
}

/** Text in a segment where there is room: cut with an ellipsis, left-aligned, kept on screen. False: no room. */
export function drawLabel(
  context: Context,
  text: string,
  color: string,
  font: string,
  { x, right, mid }: Place,
  [from, to]: readonly [Px, Px],
  paper?: string,
): boolean {
  const left = Math.max(x, from) + PAD;
  const room = Math.min(right, to) - PAD - left;
  if (!text || room < LABEL_FROM - 2 * PAD) return false;
  context.font = font;
  const shown = shorten(context, text, room);
  if (!shown) return false;
  if (paper) {
    context.fillStyle = paper;
    context.globalAlpha = 0.85;
    context.fillRect(left - 2, mid - 7, textWidth(context, shown) + 4, 14);
    context.globalAlpha = 1;
  }
  context.fillStyle = color;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(shown, left, mid + 0.5);
  return true;
}

/** A red cross behind a run that failed, or a notch where a task was cancelled. */
export function drawEnd(context: Context, theme: Theme, kind: 'raised' | 'cancelled', x: Px, mid: Px): void {
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
    context.moveTo(x + 1, mid - RUN_HEIGHT / 2 - 2);
    context.lineTo(x + 1, mid + RUN_HEIGHT / 2 + 2);
    context.moveTo(x + 1, mid);
    context.lineTo(x + 8, mid);
  }
  context.stroke();
}

/** Where a request to cancel reached a task: a small arrowhead that points at its track. */
export function drawCancel(context: Context, theme: Theme, x: Px, mid: Px): void {
  const y = mid - RUN_HEIGHT / 2 - 3;
  context.fillStyle = theme.error;
  context.beginPath();
  context.moveTo(x - 4, y - 1);
  context.lineTo(x + 4, y - 1);
  context.lineTo(x, y + 5);
  context.closePath();
  context.fill();
}

const widths = new Map<string, number>();

/** Width of a text in the context's font; remembered, because measuring is the dearest part of a label. */
export function textWidth(context: Context, text: string): Px {
  const key = `${context.font}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > 20_000) widths.clear();
    width = context.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}

function shorten(context: Context, text: string, room: Px): string {
  if (textWidth(context, text) <= room) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const mid = (low + high + 1) >>> 1;
    if (textWidth(context, `${text.slice(0, mid)}…`) <= room) low = mid;
    else high = mid - 1;
  }
  return low > 1 ? `${text.slice(0, low)}…` : '';
}
