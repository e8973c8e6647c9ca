/** Explains colours and patterns: small samples, drawn by the same code as the tracks. */
import { STATE_WORDS, State, syncWords } from '../trace/reason';
import { How } from '../trace/trace';
import type { Tracks } from '../trace/tracks';
import { drawSample } from './critical';
import type { Px } from './layout';
import { type Context, drawCancel, drawEnd, drawOutput, drawRun, drawWait } from './shapes';
import type { Theme } from './theme';

const WIDTH: Px = 24;
const RUN: Px = 20;
const HEIGHT: Px = RUN + 2;
const SCALE = 0.7;

/** Something that a legend has to explain. */
export interface Sample {
  words: string;
  draw(context: Context, theme: Theme, place: { x: Px; right: Px; mid: Px; height: Px }): void;
}

/** What occurs in a run; `path`: and whether its critical path is drawn. */
export function samplesOf({ trace, changes }: Tracks, path = false): Sample[] {
  const states = Object.values(State).filter((state) => state !== State.NONE && changes.seen(state));
  const samples: Sample[] = states
    .sort((a, b) => a - b)
    .map((state) => ({
      words: state === State.SYNC ? syncWords(trace) : STATE_WORDS[state],
      draw(context, theme, place) {
        if (state === State.RUN) drawRun(context, theme, place);
        else drawWait(context, theme, state, place);
      },
    }));
  if (trace.outputs.length > 0) {
    samples.push({
      words: 'output',
      draw(context, theme, { x, right, mid }) {
        const middle = (x + right) / 2;
        drawRun(context, theme, { x: middle - 7, right: middle + 8, mid: mid + 4, height: 10 });
        drawOutput(context, theme.ink, middle, mid - 2);
      },
    });
  }
  if (trace.cancels) {
    samples.push({
      words: 'asked to cancel',
      draw(context, theme, { x, right, mid }) {
        const middle = (x + right) / 2;
        drawWait(context, theme, State.SLEEP, { x, right, mid: mid + 4, height: 14 });
        drawCancel(context, theme, middle, mid - 1);
      },
    });
  }
  if (trace.tasks.some((task) => task.outcome === How.CANCELLED)) {
    samples.push({
      words: 'cancelled',
      draw: (context, theme, { x, mid, height }) =>
        drawEnd(context, theme, 'cancelled', x + 8, mid, height - 6),
    });
  }
  if (trace.tasks.some((task) => task.outcome === How.RAISED)) {
    samples.push({
      words: 'raised an exception',
      draw: (context, theme, { x, mid, height }) => drawEnd(context, theme, 'raised', x + 2, mid, height),
    });
  }
  if ((trace.findings ?? []).some(({ events }) => events.length > 0)) {
    samples.push({
      words: 'a finding',
      draw(context, theme, { x, right, mid }) {
        const middle = (x + right) / 2;
        const r = 7;
        context.fillStyle = theme.error;
        context.beginPath();
        context.moveTo(middle, mid - r);
        context.lineTo(middle + r, mid);
        context.lineTo(middle, mid + r);
        context.lineTo(middle - r, mid);
        context.closePath();
        context.fill();
      },
    });
  }
  if (path) {
    samples.push({
      words: 'critical path: what the run’s length depended on',
      draw: (context, theme, { x, right, mid }) => drawSample(context, theme, x, right, mid),
    });
  }
  return samples;
}

export function fillLegend(list: HTMLElement, theme: Theme, samples: readonly Sample[], ratio: number): void {
  const place = { x: 0, right: WIDTH, mid: HEIGHT / 2, height: RUN };
  list.replaceChildren(
    ...samples.map(({ words, draw }) => item(words, ratio, (context) => draw(context, theme, place))),
  );
}

function item(words: string, ratio: number, draw: (context: CanvasRenderingContext2D) => void): HTMLElement {
  const li = document.createElement('li');
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(WIDTH * SCALE * ratio);
  canvas.height = Math.round(HEIGHT * SCALE * ratio);
  canvas.style.width = `${WIDTH * SCALE}px`;
  canvas.style.height = `${HEIGHT * SCALE}px`;
  canvas.setAttribute('aria-hidden', 'true');
  const context = canvas.getContext('2d');
  context?.scale(ratio * SCALE, ratio * SCALE);
  if (context) draw(context);
  li.append(canvas, words);
  return li;
}
