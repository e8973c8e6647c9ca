/** The window on the run: which x lies at the plot's left edge, how much x a CSS pixel holds, which row is on top. */
import type { X } from '../trace/scale';
import type { Px } from './layout';

/** A little air left of the begin and right of the end, so that the last segment's end and its mark can be seen. */
const LEAD = 0.012;
const AIR = 0.04;
/** The closest zoom: this many pixels for one handle run in the scale of turns. */
const CLOSEST_RUN: Px = 600;

export class Viewport {
  /** x at the plot's left edge, and display seconds per CSS pixel. */
  x0: X = 0;
  dx = 1;
  /** Pixels that the rows are scrolled up. */
  top: Px = 0;
  /** What can be seen at most: the run from its begin to now, the plot and the rows. */
  private end: X = 1;
  private beta = 1;
  private width: Px = 1;
  private content: Px = 0;
  private height: Px = 0;

  /** Tells what there is to see; the window keeps its place. */
  bound(end: X, beta: number, width: Px, content: Px, height: Px): void {
    const resized = width !== this.width;
    const span = this.dx * this.width;
    this.end = Math.max(end, Number.MIN_VALUE);
    this.beta = beta;
    this.width = width;
    this.content = content;
    this.height = height;
    if (resized) this.dx = span / width;
    this.clamp();
  }

  get x1(): X {
    return this.x0 + this.dx * this.width;
  }

  /** Where what is seen begins; before all of it where the run's begin is in view, which may be all of the run: it took no time. */
  get begin(): X {
    return this.x0 <= 0 ? -Infinity : this.x0;
  }

  toPx(x: X): Px {
    return (x - this.x0) / this.dx;
  }

  /** The pixel of x, if it is on screen. */
  at(x: X): Px | undefined {
    return x >= this.x0 && x <= this.x1 ? this.toPx(x) : undefined;
  }

  toX(px: Px): X {
    return this.x0 + px * this.dx;
  }

  /** Whether the whole run is in the window. */
  get whole(): boolean {
    return this.x0 <= 0 && this.x1 >= this.end;
  }

  fit(): void {
    this.dx = this.widest();
    this.x0 = -this.end * LEAD;
  }

  /** Shows [x0, x1] and a little around it. */
  show(x0: X, x1: X, margin = 0.1): void {
    const span = Math.max(x1 - x0, this.closest() * this.width * 0.5);
    this.dx = (span * (1 + 2 * margin)) / this.width;
    this.x0 = (x0 + x1) / 2 - (this.dx * this.width) / 2;
    this.clamp();
  }

  zoom(factor: number, at: Px): void {
    const x = this.toX(at);
    this.dx = Math.min(this.widest(), Math.max(this.closest(), this.dx * factor));
    this.x0 = x - at * this.dx;
    this.clamp();
  }

  pan(px: Px): void {
    this.x0 += px * this.dx;
    this.clamp();
  }

  scroll(px: Px): void {
    this.top += px;
    this.clamp();
  }

  /** Pans as little as needed so that [x0, x1], or at least its begin, can be seen. */
  reveal(x0: X, x1: X): void {
    const margin = this.dx * Math.min(40, this.width / 10);
    const span = this.dx * this.width;
    if (x1 > this.x1 - margin) this.x0 = x1 + margin - span;
    if (x0 < this.x0 + margin) this.x0 = x0 - margin;
    this.clamp();
  }

  revealRow(y: Px, row: Px): void {
    if (y < this.top) this.top = y;
    else if (y + row > this.top + this.height) this.top = y + row - this.height;
    this.clamp();
  }

  /**
   * Follows the end of a run that grows: the whole run while a handle run still has `dense` pixels, then the latest
   * part of it.
   */
  follow(runs: number, dense: Px): void {
    const fitted = this.widest();
    const perRun = this.end / Math.max(1, runs);
    this.dx = Math.max(this.closest(), Math.min(fitted, perRun / dense));
    this.x0 = this.dx < fitted ? this.end - this.dx * this.width * (1 - AIR) : -this.end * LEAD;
    this.clamp();
  }

  /** Snaps the window to whole device pixels: panning then moves pixels instead of resampling them. */
  snapped(ratio: number): X {
    const dx = this.dx / ratio;
    return Math.round(this.x0 / dx) * dx;
  }

  private widest(): number {
    return (this.end * (1 + LEAD + AIR)) / this.width;
  }

  private closest(): number {
    const run = this.beta > 0 ? this.beta / CLOSEST_RUN : 1e-9;
    return Math.min(this.widest(), run);
  }

  private clamp(): void {
    this.dx = Math.min(this.widest(), Math.max(this.closest(), this.dx));
    const span = this.dx * this.width;
    this.x0 = Math.max(-this.end * LEAD, Math.min(this.x0, this.end - span * (1 - AIR)));
    this.top = Math.max(0, Math.min(this.top, this.content - this.height));
  }
}
