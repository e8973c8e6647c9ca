/** Colours and fonts of the canvas, read from CSS custom properties so that the page's themes reach it. */

export interface Theme {
  /** By State: RUN to OTHER. */
  states: string[];
  /** The same as red, green, blue. */
  rgb: [number, number, number][];
  error: string;
  ink: string;
  quiet: string;
  line: string;
  paper: string;
  /** Text on RUN. */
  onRun: string;
  /** Of labels, as CSS: the regular and the stronger one; and their size. They follow the root's font size. */
  label: string;
  strong: string;
  size: number;
  /** 1 where the root's font size is 16 px. */
  unit: number;
}

const LABEL_PX = 11;
const ROOT_PX = 16;

const STATE_NAMES = ['run', 'ready', 'sleep', 'sync', 'queue', 'task', 'io', 'other'];

export function readTheme(host: Element): Theme {
  const style = getComputedStyle(host);
  const read = (name: string, otherwise: string): string =>
    style.getPropertyValue(`--ls-${name}`).trim() || otherwise;
  const states = STATE_NAMES.map((name) => read(name, '#888888'));
  const unit = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / ROOT_PX || 1;
  const font = read('font', 'sans-serif');
  return {
    states,
    rgb: states.map(toRgb),
    error: read('error', '#c92a0e'),
    ink: read('ink', '#000000'),
    quiet: read('ink-quiet', '#555555'),
    line: read('line', '#dddddd'),
    paper: read('paper', '#ffffff'),
    onRun: read('on-run', '#ffffff'),
    label: `${LABEL_PX * unit}px ${font}`,
    strong: `500 ${LABEL_PX * unit}px ${font}`,
    size: LABEL_PX * unit,
    unit,
  };
}

/** Any CSS colour as numbers: a canvas normalises it to #rrggbb or rgba(). */
export function toRgb(color: string): [number, number, number] {
  const hex = /^#([0-9a-f]{6})$/i.exec(color)?.[1];
  if (hex) {
    const value = Number.parseInt(hex, 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  }
  if (typeof document === 'undefined') return [136, 136, 136];
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return [136, 136, 136];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

/** Calls when colours or fonts may have changed: the system's setting, the page's theme, a font that arrived. */
export function watchTheme(changed: () => void, signal: AbortSignal): void {
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', changed, { signal });
  }
  const root = new MutationObserver(changed);
  root.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['class', 'style', 'data-theme'],
  });
  signal.addEventListener('abort', () => root.disconnect());
  document.fonts?.addEventListener('loadingdone', changed, { signal });
}

/** Calls when the screen has other pixels, as that of another monitor: to CSS nothing has changed. */
export function watchRatio(changed: () => void, signal: AbortSignal): void {
  const tell = (): void => {
    changed();
    watch();
  };
  const watch = (): void =>
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', tell, {
      once: true,
      signal,
    });
  watch();
}
