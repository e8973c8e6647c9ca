/**
 * Where things are on the canvas, in CSS pixels.
 *
 *     ┌────────┬──────────────────────────┐ 0
 *     │        │ overview                 │
 *     ├────────┼──────────────────────────┤ axisTop
 *     │        │ axis: time               │
 *     ├────────┼──────────────────────────┤ loopTop
 *     │ loop   │ ▇▇▇▇▇──────▇▇▇           │   stays while rows scroll
 *     ├────────┼──────────────────────────┤ rowsTop
 *     │ main   │ ▇▒▒▒▒▒▒▒▒▒▒▇             │
 *     └────────┴──────────────────────────┘ height
 *     0     gutter                      width
 */
export type Px = number;

export interface Layout {
  width: Px;
  height: Px;
  gutter: Px;
  axisTop: Px;
  loopTop: Px;
  rowsTop: Px;
  row: Px;
  /** Height of what runs and of what waits, on tasks' tracks; the loop's are lower. */
  run: Px;
  /** Device pixels per CSS pixel. */
  ratio: number;
  narrow: boolean;
}

const NARROW = 560;

/** With so few tasks there is room for taller rows. */
const FEW = 7;

export function layoutFor(width: Px, height: Px, ratio: number, coarse: boolean, tasks = 0): Layout {
  const narrow = width < NARROW;
  const overview = narrow ? 28 : 36;
  const axis = 34;
  const loop = coarse ? 32 : 28;
  const few = tasks <= FEW && height - overview - axis - loop > (FEW + 1) * 38;
  const row = few ? 38 : coarse ? 34 : 30;
  return {
    width,
    height,
    gutter: narrow ? 92 : Math.round(Math.min(220, Math.max(132, width * 0.17))),
    axisTop: overview,
    loopTop: overview + axis,
    rowsTop: overview + axis + loop,
    row,
    run: few ? 26 : 20,
    ratio,
    narrow,
  };
}

/** Width of the plot: what lies right of the gutter. */
export function plotWidth(layout: Layout): Px {
  return Math.max(1, layout.width - layout.gutter);
}
