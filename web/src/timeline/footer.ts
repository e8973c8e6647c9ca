/** Below the tracks: the legend, and buttons for what wheel and keys do. */
import type { ScaleName } from '../trace/scale';
import type { Tracks } from '../trace/tracks';
import { fillLegend, samplesOf } from './legend';
import type { Theme } from './theme';

export interface FooterActions {
  scale(name: ScaleName): void;
  zoom(factor: number): void;
  fit(): void;
  follow(): void;
}

const IN = 0.6;

/** What the axis measures, see ../trace/scale.ts. */
const SCALES: readonly (readonly [ScaleName, string, string])[] = [
  ['turns', 'steps', 'Every step has a width of its own, however short it was'],
  ['time', 'time', 'Widths are time alone: what took none has none'],
];

export class Footer {
  readonly element = document.createElement('div');
  private readonly legend = document.createElement('ul');
  private readonly followButton: HTMLButtonElement;
  private readonly scales: readonly (readonly [ScaleName, HTMLButtonElement])[];
  private shown = '';
  private theme: Theme | undefined;
  /** What the legend was read from. */
  private read: Tracks | undefined;
  private version = -1;
  private ratio = 0;
  private path = false;

  constructor(actions: FooterActions) {
    this.element.className = 'ls-foot';
    this.legend.className = 'ls-legend';
    this.legend.setAttribute('aria-label', 'Legend');
    const tools = document.createElement('div');
    tools.className = 'ls-tools';
    const button = (text: string, label: string, act: () => void, into = tools): HTMLButtonElement => {
      const element = document.createElement('button');
      element.type = 'button';
      element.textContent = text;
      element.title = label;
      // A word is its own name; a sign needs one.
      if (text.length === 1) element.setAttribute('aria-label', label);
      element.addEventListener('click', act);
      into.append(element);
      return element;
    };
    this.followButton = button('Follow', 'Follow the running program', actions.follow);
    const axis = document.createElement('div');
    axis.className = 'ls-axis';
    axis.setAttribute('role', 'group');
    axis.setAttribute('aria-label', 'Axis');
    const word = document.createElement('span');
    word.textContent = 'Axis';
    word.setAttribute('aria-hidden', 'true');
    axis.append(word);
    tools.append(axis);
    this.scales = SCALES.map(([name, text, label]) => [
      name,
      button(text, label, () => actions.scale(name), axis),
    ]);
    button('−', 'Zoom out', () => actions.zoom(1 / IN));
    button('+', 'Zoom in', () => actions.zoom(IN));
    button('Fit', 'Fit everything in view', actions.fit);
    this.element.append(this.legend, tools);
  }

  /** `path`: the critical path is drawn. */
  update(theme: Theme, tracks: Tracks | undefined, canFollow: boolean, ratio: number, path = false): void {
    this.element.hidden = tracks === undefined;
    this.followButton.hidden = !canFollow;
    if (!tracks) return;
    for (const [name, element] of this.scales)
      element.setAttribute('aria-pressed', String(name === tracks.scale.name));
    // Thousands of tasks are not asked in every frame.
    const same = tracks === this.read && tracks.version === this.version && path === this.path;
    if (same && ratio === this.ratio && theme === this.theme) return;
    this.read = tracks;
    this.version = tracks.version;
    this.path = path;
    this.ratio = ratio;
    const samples = samplesOf(tracks, path);
    const key = `${samples.map(({ words }) => words).join()}:${ratio}`;
    if (key === this.shown && theme === this.theme) return;
    this.shown = key;
    this.theme = theme;
    fillLegend(this.legend, theme, samples, ratio);
  }
}
