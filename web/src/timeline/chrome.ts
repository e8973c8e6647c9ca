/** What stands around and behind the tracks: axis, grid, playhead. */
import { duration } from '../trace/reason';
import type { Burst, Tick } from './axis';
import type { Layout, Px } from './layout';
import type { Context } from './shapes';
import { textWidth } from './text';
import type { Theme } from './theme';

/** Faint columns where the clock stands still, hairlines at ticks. Drawn below the tracks. */
export function drawGrid(
  context: Context,
  theme: Theme,
  layout: Layout,
  marks: readonly Tick[],
  still: readonly Burst[],
): void {
  const { gutter, loopTop, height, width } = layout;
  context.fillStyle = theme.ink;
  context.globalAlpha = 0.035;
  for (const { from, to } of still) {
    const x = Math.max(gutter, Math.round(gutter + from));
    const right = Math.min(width, Math.round(gutter + to));
    if (right - x >= 2) context.fillRect(x, loopTop, right - x, height - loopTop);
  }
  context.globalAlpha = 1;
  context.fillStyle = theme.line;
  for (const { px } of marks) {
    const x = Math.round(gutter + px);
    if (x >= gutter) context.fillRect(x, loopTop, 1, height - loopTop);
  }
}

/** Labels stand in the upper half, brackets of bursts and the line of the clock's flow in the lower. */
export function drawAxis(
  context: Context,
  theme: Theme,
  layout: Layout,
  marks: readonly Tick[],
  still: readonly Burst[],
): void {
  const { gutter, axisTop, loopTop, width } = layout;
  const textY = axisTop + Math.round(theme.size * 1.1);
  const lineY = loopTop - 8;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const taken: [Px, Px][] = [];
  /** Instants that have their label: none has two. */
  const told = new Set<string>();
  const write = (text: string, at: Px, color: string, font: string, minimum: Px): boolean => {
    const size = textWidth(context, font, text);
    const x = Math.max(minimum, Math.min(at, width - size - 4));
    if (taken.some(([a, b]) => x < b + 10 && x + size > a - 10)) return false;
    taken.push([x, x + size]);
    context.font = font;
    context.fillStyle = color;
    context.fillText(text, x, textY);
    return true;
  };

  const tell = (instant: string, ...where: [Px, string, string, Px]): void => {
    if (!told.has(instant) && write(instant, ...where)) told.add(instant);
  };

  // The clock flows along a hairline; where it stands still a bracket holds the runs of that instant.
  context.fillStyle = theme.line;
  context.fillRect(gutter, lineY, width - gutter, 1);
  for (const burst of still) {
    const x = Math.round(gutter + burst.from);
    const right = Math.round(gutter + burst.to);
    if (right < gutter || right - x < 3) continue;
    context.fillStyle = theme.quiet;
    const from = Math.max(gutter, x);
    context.fillRect(from, lineY - 1, Math.max(1, Math.min(right, width) - from - 1), 2);
    if (x >= gutter) context.fillRect(x, lineY - 4, 1, 8);
    if (right <= width) context.fillRect(right - 2, lineY - 4, 1, 8);
    if (burst.to >= 0)
      tell(burst.label, Math.max(gutter, x) + (x < gutter ? 4 : 0), theme.ink, theme.strong, gutter + 2);
  }
  for (const { px, label } of marks) {
    const x = Math.round(gutter + px);
    if (x < gutter) continue;
    context.fillStyle = theme.quiet;
    context.fillRect(x, lineY - 3, 1, 6);
    tell(label, x, theme.quiet, theme.label, gutter + 2);
  }
  // How long it flows between two instants, where there is room to say so.
  for (let k = 1; k < still.length; k++) {
    const a = still[k - 1] as Burst;
    const b = still[k] as Burst;
    const from = Math.max(0, a.to);
    const room = Math.min(b.from, width - gutter) - from;
    const text = `+ ${duration(b.clock - a.clock)}`;
    const size = textWidth(context, theme.label, text);
    if (room > size + 24)
      write(text, gutter + from + room / 2 - size / 2, theme.quiet, theme.label, gutter + 2);
  }
}

/** Where findings are: a mark on the clock's line for each, below the words. */
export function drawFindings(context: Context, theme: Theme, layout: Layout, at: readonly Px[]): void {
  const y = layout.loopTop - 8;
  for (const px of at) {
    const x = Math.round(layout.gutter + px);
    if (x < layout.gutter || x > layout.width) continue;
    context.fillStyle = theme.error;
    context.beginPath();
    context.moveTo(x, y - 5);
    context.lineTo(x + 5, y);
    context.lineTo(x, y + 5);
    context.lineTo(x - 5, y);
    context.closePath();
    context.fill();
  }
}

export function drawPlayhead(context: Context, theme: Theme, layout: Layout, px: Px): void {
  const x = Math.round(layout.gutter + px);
  if (x < layout.gutter || x > layout.width) return;
  const top = layout.loopTop - 12;
  context.fillStyle = theme.ink;
  context.fillRect(x - 0.5, top, 1, layout.height - top);
  context.beginPath();
  context.moveTo(x - 5, top - 2);
  context.lineTo(x + 5, top - 2);
  context.lineTo(x + 5, top + 3);
  context.lineTo(x, top + 8);
  context.lineTo(x - 5, top + 3);
  context.closePath();
  context.fill();
}
