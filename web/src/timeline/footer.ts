/** Below the tracks: the legend, and buttons for what wheel and keys do. */
import type { Tracks } from '../trace/tracks';
import { fillLegend, samplesOf } from './legend';
import type { Theme } from './theme';

export interface FooterActions {
  scale(): void;
  zoom(factor: number): void;
  fit(): void;
  follow(): void;
}

const IN = 0.6;

export class Footer {
  readonly element = document.createElement('div');
  private readonly legend = document.createElement('ul');
  private readonly followButton: HTMLButtonElement;
  private readonly scaleButton: HTMLButtonElement;
  private shown = '';
  private theme: Theme | undefined;
  /** What the legend was read from. */
  private read: Tracks | undefined;
  private version = -1;
  private ratio = 0;

  constructor(actions: FooterActions) {
    this.element.className = 'ls-foot';
    this.legend.className = 'ls-legend';
    this.legend.setAttribute('aria-label', 'Legend');
    const tools = document.createElement('div');
    tools.className = 'ls-tools';
    const button = (text: string, label: string, act: () => void): HTMLButtonElement => {
      const element = document.createElement('button');
      element.type = 'button';
      element.textContent = text;
      element.title = label;
      // A word is its own name; a sign needs one.
      if (text.length === 1) element.setAttribute('aria-label', label);
      element.addEventListener('click', act);
      tools.append(element);
      return element;
    };
    this.followButton = button('Follow', 'Follow the running program', actions.follow);
    this.scaleButton = button('Steps visible', 'Give every step a width of its own', actions.scale);
    button('−', 'Zoom out', () => actions.zoom(1 / IN));
    button('+', 'Zoom in', () => actions.zoom(IN));
    button('Fit', 'Fit everything in view', actions.fit);
    this.element.append(this.legend, tools);
  }

  update(theme: Theme, tracks: Tracks | undefined, canFollow: boolean, ratio: number): void {
    this.element.hidden = tracks === undefined;
    this.followButton.hidden = !canFollow;
    if (!tracks) return;
    const turns = tracks.scale.name === 'turns';
    this.scaleButton.setAttribute('aria-pressed', String(turns));
    // Thousands of tasks are not asked in every frame.
    const same = tracks === this.read && tracks.version === this.version;
    if (same && ratio === this.ratio && theme === this.theme) return;
    this.read = tracks;
    this.version = tracks.version;
    this.ratio = ratio;
    const samples = samplesOf(tracks);
    const key = `${samples.map(({ words }) => words).join()}:${ratio}`;
    if (key === this.shown && theme === this.theme) return;
    this.shown = key;
    this.theme = theme;
    fillLegend(this.legend, theme, samples, ratio);
  }
}
