/** One drawing a frame at most, and what it costs: a trace that grows is worth drawing the more seldom, the dearer it is. */

/** Milliseconds: a drawing this cheap may happen in every frame; growth is seen at least this often. */
const CHEAP = 4;
const SELDOM = 100;
/** Of the time a dear drawing takes, everything else gets this many times as much. */
const REST = 8;

/** How long growth should wait after a drawing that took `cost`; milliseconds. */
export function restAfter(cost: number): number {
  return cost <= CHEAP ? 0 : Math.min(SELDOM, REST * cost);
}

export class Rhythm {
  /** How long to wait before the next growth is told; milliseconds. */
  rest = 0;
  private frame = 0;
  private ahead = 0;
  private stopped = false;

  constructor(private readonly draw: (now: number) => void) {}

  /** Does what the next drawing needs: a part of its cost, in a frame of its own. */
  prepare(work: () => void): void {
    const begin = performance.now();
    work();
    this.ahead += performance.now() - begin;
  }

  /** Draw in the next frame. */
  soon(): void {
    if (this.stopped) return;
    this.frame ||= requestAnimationFrame((now) => this.now(now));
  }

  /** Draw at once: nothing is left for the next frame but what is asked for meanwhile. */
  now(time: number): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const begin = performance.now();
    this.draw(time);
    this.rest = restAfter(this.ahead + performance.now() - begin);
    this.ahead = 0;
  }

  stop(): void {
    this.stopped = true;
    cancelAnimationFrame(this.frame);
  }
}
