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
  /** Device pixels per CSS pixel. */
  ratio: number;
  narrow: boolean;
}

const NARROW = 560;

export function layoutFor(width: Px, height: Px, ratio: number, coarse: boolean): Layout {
  const narrow = width < NARROW;
  const overview = narrow ? 28 : 36;
  const axis = 34;
  const row = coarse ? 34 : 30;
  return {
    width,
    height,
    gutter: narrow ? 92 : Math.round(Math.min(220, Math.max(132, width * 0.17))),
    axisTop: overview,
    loopTop: overview + axis,
    rowsTop: overview + axis + row,
    row,
    ratio,
    narrow,
  };
}

/** Width of the plot: what lies right of the gutter. */
export function plotWidth(layout: Layout): Px {
  return Math.max(1, layout.width - layout.gutter);
}
