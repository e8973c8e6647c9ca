/** Explains colours and patterns: small samples, drawn by the same code as the tracks. */
import { STATE_WORDS, State } from '../trace/reason';
import { drawEnd, drawRun, drawWait } from './shapes';
import type { Theme } from './theme';

const WIDTH = 24;
const RUN = 20;
const HEIGHT = RUN + 2;
const SCALE = 0.7;

export function fillLegend(
  list: HTMLElement,
  theme: Theme,
  states: ReadonlySet<State>,
  failed: boolean,
  found: boolean,
  ratio: number,
): void {
  const items: HTMLElement[] = [];
  for (const state of [...states].sort((a, b) => a - b)) {
    items.push(
      item(STATE_WORDS[state], ratio, (context) => {
        const place = { x: 0, right: WIDTH, mid: HEIGHT / 2, height: RUN };
        if (state === State.RUN) drawRun(context, theme, place);
        else drawWait(context, theme, state, place);
      }),
    );
  }
  if (failed) {
    items.push(
      item('raised an exception', ratio, (context) => drawEnd(context, theme, 'raised', 2, HEIGHT / 2, RUN)),
    );
  }
  if (found) {
    items.push(
      item('a finding', ratio, (context) => {
        context.fillStyle = theme.error;
        context.translate(WIDTH / 2, HEIGHT / 2);
        context.rotate(Math.PI / 4);
        context.fillRect(-5, -5, 10, 10);
      }),
    );
  }
  list.replaceChildren(...items);
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
