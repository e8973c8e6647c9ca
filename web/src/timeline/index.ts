import './rowtools.css';
import './timeline.css';
import type { TimelineOptions, TimelineView } from './types';
import { Timeline } from './view';

export { FINE, type Picture } from './picture';
export type { HoverInfo, TimelineOptions, TimelineView } from './types';

/** Shows the timeline in an element, which becomes the region `Timeline`. */
export function createTimeline(host: HTMLElement, options: TimelineOptions = {}): TimelineView {
  return new Timeline(host, options);
}
