import type { Aim } from '../trace/aim';
import type { Told } from '../trace/describe';
import type { ScaleName } from '../trace/scale';
import type { EventIndex, Link, Trace } from '../trace/trace';
import type { Segment } from '../trace/tracks';
import type { Picture } from './picture';

/** What the pointer is on. */
export interface HoverInfo {
  segment: Segment;
  told: Told;
}

export interface TimelineOptions {
  /**
   * The user selected a segment: its event (see Segment), or nothing. `segment` tells its state and extent. A run in
   * progress has no event; when it has one, that is told.
   */
  onSelect?: (event: EventIndex | undefined, segment: Segment | undefined) => void;
  onHover?: (info: HoverInfo | undefined) => void;
  /** Following of a live run began or ended. */
  onFollowChange?: (on: boolean) => void;
  /** The user chose a scale. */
  onScaleChange?: (scale: ScaleName) => void;
}

export interface TimelineView {
  /** Shows another trace, whole; undefined: nothing. While it has no end the view follows it. */
  setTrace(trace: Trace | undefined): void;
  /** The trace has grown. Cheap: drawing happens once a frame. */
  update(): void;
  /** Milliseconds to let pass before the next `update` of a trace that streams: what drawing costs, many times. */
  readonly rest: number;
  /** Selects the segment that shows an event, or what is meant beside it; brings it into view and tells nobody. */
  select(event: EventIndex | undefined, aim?: Aim): void;
  setPlayhead(event: EventIndex | undefined): void;
  /** Draws the critical path around what it goes through; undefined: not. */
  setPath(path: readonly Link[] | undefined): void;
  /** What to say while there is nothing to draw. */
  setEmpty(words: string): void;
  /** Chooses a scale; undefined: the one that suits the trace. */
  setScale(scale: ScaleName | undefined): void;
  readonly scale: ScaleName;
  follow(on: boolean): void;
  readonly following: boolean;
  /** Shows the whole run. */
  fit(): void;
  /** Moves the keyboard's focus into the timeline. */
  focus(): void;
  /** What is seen, with names and legend, to be painted elsewhere; undefined: nothing is. */
  picture(): Picture | undefined;
  destroy(): void;
}
