/** One frame of the canvas, from back to front. */
import type { X } from '../trace/scale';
import type { EventIndex, Link } from '../trace/trace';
import { LOOP_TRACK, type Segment, type Tracks } from '../trace/tracks';
import { arrowsOf, arrowsWithin, drawArrow } from './arrows';
import { bursts, ticks } from './axis';
import { drawAxis, drawFindings, drawGrid, drawPlayhead } from './chrome';
import { drawPath } from './critical';
import { drawLane, type Lanes, lanesOf } from './lanes';
import { type Layout, type Px, plotWidth } from './layout';
import { playheadAt } from './navigate';
import type { Overview } from './overview';
import { drawRow, type Scene } from './rows';
import type { Strips } from './strips';
import type { Theme } from './theme';
import type { Viewport } from './viewport';

export interface FrameInput {
  theme: Theme;
  layout: Layout;
  tracks: Tracks;
  strips: Strips;
  lanes: Lanes;
  overview: Overview;
  view: Viewport;
  /** The window's left edge, snapped to device pixels. */
  x0: X;
  /** Rows of the tree on screen, [first, last). */
  rows: readonly [number, number];
  selected: Segment | undefined;
  hovered: Segment | undefined;
  playhead: EventIndex | undefined;
  /** The critical path, where it is shown. */
  path?: readonly Link[] | undefined;
  now: number;
  /** Whether the frame has taken so long that what can be put off should be. */
  late(): boolean;
}

export function paintFrame(context: CanvasRenderingContext2D, input: FrameInput): void {
  const { theme, layout, tracks, strips, view, x0, rows } = input;
  const { dx } = view;
  const width = plotWidth(layout);
  const left = layout.gutter;
  const marks = ticks(tracks, x0, dx, width);
  const still = bursts(tracks, x0, dx, width);
  drawGrid(context, theme, layout, marks, still);

  const scene: Scene = {
    context,
    theme,
    tracks,
    x0,
    dx,
    left,
    right: layout.width,
    ratio: layout.ratio,
    dense: (track, what, top, height) =>
      strips.draw(context, track, what, [x0, dx / layout.ratio], [left, top, width, height]),
  };
  const loopMid = (layout.loopTop + layout.lanesTop) / 2;
  const midOf = (row: number): Px =>
    row === 0 ? loopMid : layout.rowsTop + (row - 0.5) * layout.row - Math.round(view.top);

  clip(context, left, layout.rowsTop, width, layout.height - layout.rowsTop, () => {
    for (let row = rows[0]; row < rows[1]; row++) {
      const picture = strips.picture(tracks.tree()[row]?.track ?? -1);
      if (picture) drawRow(scene, picture, midOf(row), layout.run);
    }
  });
  clip(context, left, layout.loopTop, width, layout.lanesTop - layout.loopTop, () => {
    const picture = strips.picture(LOOP_TRACK);
    if (picture) drawRow(scene, picture, loopMid, layout.loopRun);
  });
  const levels = lanesOf(tracks, layout);
  const rasters = input.lanes.prepare(tracks, levels, [x0, dx], Math.ceil(width), input.late);
  clip(context, left, layout.lanesTop, width, layout.rowsTop - layout.lanesTop, () =>
    levels.forEach((level, k) => {
      const raster = rasters[k];
      if (raster) drawLane(scene, level, raster, layout.lanesTop + k * layout.lane, layout.lane);
    }),
  );

  context.fillStyle = theme.line;
  context.fillRect(0, layout.rowsTop - 1, layout.width, 1);
  if (levels.length > 0) context.fillRect(0, layout.lanesTop - 1, layout.width, 1);
  context.fillRect(left - 1, layout.loopTop, 1, layout.height - layout.loopTop);

  const { path } = input;
  if (path) {
    clip(context, left, layout.rowsTop, width, layout.height - layout.rowsTop, () =>
      drawPath(scene, path, midOf, layout.run, rows),
    );
  }
  clip(context, left, layout.loopTop, width, layout.height - layout.loopTop, () =>
    drawFocus(scene, input, midOf),
  );
  drawAxis(context, theme, layout, marks, still);
  const { findings = [] } = tracks.trace;
  drawFindings(
    context,
    theme,
    layout,
    findings.flatMap(({ events: [event] }) =>
      event === undefined || event >= tracks.trace.count ? [] : [(tracks.scale.begin(event) - x0) / dx],
    ),
  );
  input.overview.draw(context, theme, layout, tracks, view, input.now, input.late);
  context.fillStyle = theme.line;
  context.fillRect(0, layout.axisTop - 1, layout.width, 1);
  if (input.playhead !== undefined && input.playhead < tracks.trace.count) {
    drawPlayhead(context, theme, layout, (playheadAt(tracks, input.playhead) - x0) / dx);
  }
}

/** Outlines of what is selected and hovered, and the selection's wake-ups. */
function drawFocus(scene: Scene, input: FrameInput, midOf: (row: number) => Px): void {
  const { context, theme, tracks } = scene;
  const { selected, hovered, layout } = input;
  const outline = (segment: Segment | undefined, color: string, width: Px): void => {
    if (!segment) return;
    const row = tracks.rowOf(segment.track);
    if (row < 0) return;
    const x = Math.max(toPx(scene, segment.x0), scene.left - 8);
    const right = Math.min(Math.max(toPx(scene, segment.x1), x + 3), scene.right + 8);
    const half = (row === 0 ? layout.loopRun : layout.run) / 2 + 2.5;
    for (const halo of width > 1 ? [true, false] : [false]) {
      context.strokeStyle = halo ? theme.paper : color;
      context.lineWidth = halo ? width + 2 : width;
      context.beginPath();
      context.roundRect(Math.round(x) - 1.5, midOf(row) - half, Math.round(right - x) + 2, half * 2, 4);
      context.stroke();
    }
  };
  if (hovered && !(selected && hovered.track === selected.track && hovered.index === selected.index)) {
    outline(hovered, theme.quiet, 1);
  }
  const width = (scene.right - scene.left) * scene.dx;
  const own = arrowsOf(tracks, selected);
  // Whoever comes close sees who wakes whom; the whole of a run stays calm.
  const all = input.view.whole ? [] : arrowsWithin(tracks, scene.x0, scene.x0 + width);
  for (const [k, arrow] of [...all, ...own].entries()) {
    const a = tracks.rowOf(arrow.from.track);
    const b = tracks.rowOf(arrow.to.track);
    if (a < 0 || b < 0) continue;
    const unasked = k < all.length;
    if (unasked && !(isSeen(layout, midOf(a), a) && isSeen(layout, midOf(b), b))) continue;
    const y0 = clampY(layout, midOf(a), a);
    const y1 = clampY(layout, midOf(b), b);
    const half = (b === 0 ? layout.loopRun : layout.run) / 2;
    drawArrow(
      context,
      theme,
      [toPx(scene, arrow.from.x), y0],
      [toPx(scene, arrow.to.x), y1],
      half,
      arrow.cause,
      unasked,
    );
  }
  outline(selected, theme.ink, 1.5);
}

function isSeen(layout: Layout, y: Px, row: number): boolean {
  return row === 0 || (y > layout.rowsTop && y < layout.height);
}

/** Rows that are scrolled out of sight are pointed at from the edge. */
function clampY(layout: Layout, y: Px, row: number): Px {
  return row === 0 ? y : Math.max(layout.rowsTop + 2, Math.min(layout.height - 2, y));
}

function toPx(scene: Scene, x: X): Px {
  return scene.left + (x - scene.x0) / scene.dx;
}

function clip(
  context: CanvasRenderingContext2D,
  x: Px,
  y: Px,
  width: Px,
  height: Px,
  draw: () => void,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  draw();
  context.restore();
}
