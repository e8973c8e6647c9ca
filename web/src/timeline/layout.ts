/**
 * Where things are on the canvas, in CSS pixels.
 *
 *     ┌────────┬──────────────────────────┐ 0
 *     │        │ overview                 │
 *     ├────────┼──────────────────────────┤ axisTop
 *     │        │ axis: time               │
 *     ├────────┼──────────────────────────┤ loopTop
 *     │ loop   │ ▇▇▇▇▇──────▇▇▇           │   stays while rows scroll
 *     ├────────┼──────────────────────────┤ lanesTop
 *     │ jobs   │ ▁▁▂▂▃▃▃▂▂▁▁              │   numbers over time, where there is room; they stay, too
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
  lanesTop: Px;
  rowsTop: Px;
  /** How many lanes there are, and the height of one. */
  lanes: number;
  lane: Px;
  row: Px;
  /** Height of what runs and of what waits, on tasks' tracks; the loop's are lower. */
  run: Px;
  loopRun: Px;
  /** Device pixels per CSS pixel. */
  ratio: number;
  narrow: boolean;
}

const NARROW = 560;

/** With so few tasks there is room for taller rows. */
const FEW = 7;

/** Rows that lanes must leave room for. */
const ROWS = 5;

/** `unit`: how much larger than usual text is; `wanted`: lanes that there is something for. */
export function layoutFor(
  width: Px,
  height: Px,
  ratio: number,
  coarse: boolean,
  tasks = 0,
  unit = 1,
  wanted = 0,
): Layout {
  const narrow = width < NARROW * unit;
  const scaled = (size: Px): Px => Math.round(size * unit);
  const overview = narrow ? 28 : 36;
  const axis = scaled(34);
  const loop = scaled(coarse ? 32 : 28);
  const roomy = scaled(38);
  const lane = scaled(22);
  const spare = height - overview - axis - loop - Math.min(Math.max(tasks, 1), ROWS) * roomy;
  const lanes = Math.max(0, Math.min(wanted, Math.floor(spare / lane)));
  const lanesTop = overview + axis + loop;
  const rowsTop = lanesTop + lanes * lane;
  const few = tasks <= FEW && height - rowsTop > (FEW + 1) * roomy;
  const row = few ? roomy : scaled(coarse ? 34 : 30);
  return {
    width,
    height,
    gutter: narrow ? scaled(100) : Math.round(Math.min(scaled(240), Math.max(scaled(160), width * 0.2))),
    axisTop: overview,
    loopTop: overview + axis,
    lanesTop,
    rowsTop,
    lanes,
    lane,
    row,
    run: scaled(few ? 26 : 20),
    loopRun: scaled(16),
    ratio,
    narrow,
  };
}

/** Width of the plot: what lies right of the gutter. */
export function plotWidth(layout: Layout): Px {
  return Math.max(1, layout.width - layout.gutter);
}
