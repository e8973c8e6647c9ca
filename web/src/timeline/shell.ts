/** The timeline's elements: stage with canvas, gutter and card; footer; the words a screen reader is told. */
export interface Shell {
  /** Holds canvas, gutter and card. */
  stage: HTMLElement;
  canvas: HTMLCanvasElement;
  context: CanvasRenderingContext2D;
  /** Polite live region: says what the user selected. */
  live: HTMLElement;
  /** What to do next, while there is nothing to see. */
  empty: HTMLElement;
  /** As wide as the root's font is large: tells when that changes. */
  rem: HTMLElement;
}

export function buildShell(
  host: HTMLElement,
  gutter: HTMLElement,
  lanes: HTMLElement,
  card: HTMLElement,
  footer: HTMLElement,
  tools: HTMLElement,
  nothing: HTMLElement,
): Shell {
  host.classList.add('ls-timeline');
  host.setAttribute('role', 'region');
  host.setAttribute('aria-label', 'Timeline');
  const stage = element('div', 'ls-stage');
  const canvas = element('canvas', 'ls-canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-busy', 'false');
  const live = element('div', 'ls-hidden');
  live.setAttribute('aria-live', 'polite');
  const empty = element('div', 'ls-empty');
  const rem = element('div', 'ls-rem');
  stage.append(rem, canvas, tools, gutter, lanes, empty, nothing, card);
  host.replaceChildren(stage, footer, live);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('This browser has no canvas.');
  return { stage, canvas, context, live, empty, rem };
}

/** The canvas in one sentence; `busy`: parts of its picture are still to come. */
export function labelCanvas(canvas: HTMLCanvasElement, tasks: number, runs: number, busy = false): void {
  if ((canvas.getAttribute('aria-busy') === 'true') !== busy) canvas.setAttribute('aria-busy', String(busy));
  const words = `${tasks} ${tasks === 1 ? 'task' : 'tasks'}, ${runs} handle ${runs === 1 ? 'run' : 'runs'}`;
  const label =
    tasks || runs ? `Timeline of ${words}. The tree grid Tasks tells the same in words.` : 'Timeline, empty';
  if (canvas.getAttribute('aria-label') !== label) canvas.setAttribute('aria-label', label);
}

export function sizeCanvas(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): void {
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

export function emptyShell(host: HTMLElement): void {
  host.classList.remove('ls-timeline', 'ls-narrow');
  host.removeAttribute('role');
  host.removeAttribute('aria-label');
  host.replaceChildren();
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
