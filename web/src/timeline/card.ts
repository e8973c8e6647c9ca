/** The card beside the pointer or the selection: what a segment is, in words. */
import { describe } from '../trace/describe';
import { State } from '../trace/reason';
import { Kind } from '../trace/trace';
import type { Segment, Tracks } from '../trace/tracks';
import type { Layout, Px } from './layout';

const GAP: Px = 14;
const OUTPUT_SHOWN = 160;

export class Card {
  readonly element = document.createElement('div');
  private shown = '';

  constructor() {
    this.element.className = 'ls-card';
    this.element.hidden = true;
    // Its words reach a screen reader by the live region: twice would be chatter.
    this.element.setAttribute('aria-hidden', 'true');
  }

  hide(): void {
    this.element.hidden = true;
    this.shown = '';
  }

  /** Shows a segment's card near a point of the stage, out of the way of what it tells about. */
  show(tracks: Tracks, segment: Segment, [x, y]: readonly [Px, Px], { width, height }: Layout): void {
    const key = `${segment.track}:${segment.index}:${tracks.version}`;
    if (key !== this.shown) this.fill(tracks, segment);
    this.shown = key;
    this.element.hidden = false;
    const box = this.element.getBoundingClientRect();
    const left = x + GAP + box.width > width - 8 ? Math.max(8, x - GAP - box.width) : x + GAP;
    const below = y + GAP + box.height <= height - 4;
    const top = below ? y + GAP : Math.max(4, y - GAP - box.height);
    this.element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  private fill(tracks: Tracks, segment: Segment): void {
    const told = describe(tracks, segment);
    const title = document.createElement('div');
    const who = document.createElement('b');
    who.textContent = told.who;
    title.append(who, ` ${told.what}`);
    this.element.replaceChildren(title);
    this.line([told.line, told.when].filter(Boolean).join(' · '));
    this.line(told.cause);
    this.line(told.queued);
    const output = segment.state === State.RUN ? outputOf(tracks, segment) : '';
    if (output) this.line(output, 'ls-output');
  }

  private line(text: string, className = ''): void {
    if (!text) return;
    const p = document.createElement('p');
    p.textContent = text;
    if (className) p.className = className;
    this.element.append(p);
  }
}

/** What a run printed, cut to what fits a card. */
function outputOf(tracks: Tracks, { event }: Segment): string {
  const { trace, scale } = tracks;
  const run = event < trace.count ? scale.runs.runOf(event) : -1;
  if (run < 0) return '';
  let text = '';
  for (let r = scale.runs.firstOf(run); r < event && text.length < OUTPUT_SHOWN; r++) {
    if (trace.kind.at(r) === Kind.OUTPUT) text += trace.text(trace.aux.at(r));
  }
  text = text.trimEnd();
  return text.length > OUTPUT_SHOWN ? `${text.slice(0, OUTPUT_SHOWN)}…` : text;
}
