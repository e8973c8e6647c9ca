/** A canvas context that draws nothing and remembers what it was asked to draw. */
import type { Context } from '../../../web/src/timeline/shapes';

export interface Drawn {
  what: 'rect' | 'round' | 'text' | 'line' | 'shape';
  /** Fill or stroke colour. */
  color: string;
  alpha: number;
  /** Bounding box: x, y, width, height; of text x and y only. */
  box: [number, number, number, number];
  text?: string;
  dash?: number[];
}

const CHARACTER = 6;

export class Recorder implements Context {
  readonly drawn: Drawn[] = [];
  fillStyle = '#000';
  strokeStyle = '#000';
  lineWidth = 1;
  globalAlpha = 1;
  font = '';
  textAlign: CanvasTextAlign = 'left';
  textBaseline: CanvasTextBaseline = 'middle';
  private path: [number, number][] = [];
  private round: Drawn['box'] | undefined;
  private dash: number[] = [];
  private stack: { fill: string; stroke: string; alpha: number }[] = [];

  save(): void {
    this.stack.push({ fill: this.fillStyle, stroke: this.strokeStyle, alpha: this.globalAlpha });
  }
  restore(): void {
    const top = this.stack.pop();
    if (top) [this.fillStyle, this.strokeStyle, this.globalAlpha] = [top.fill, top.stroke, top.alpha];
  }
  beginPath(): void {
    this.path = [];
    this.round = undefined;
  }
  closePath(): void {}
  clip(): void {}
  moveTo(x: number, y: number): void {
    this.path.push([x, y]);
  }
  lineTo(x: number, y: number): void {
    this.path.push([x, y]);
  }
  bezierCurveTo(_a: number, _b: number, _c: number, _d: number, x: number, y: number): void {
    this.path.push([x, y]);
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.round = [x, y, width, height];
  }
  roundRect(x: number, y: number, width: number, height: number): void {
    this.round = [x, y, width, height];
  }
  fill(): void {
    this.add(this.round ? 'round' : 'shape', this.fillStyle, this.round ?? this.bounds());
  }
  stroke(): void {
    this.add(this.round ? 'round' : 'line', this.strokeStyle, this.round ?? this.bounds());
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.add('rect', this.fillStyle, [x, y, width, height]);
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    this.add('rect', this.strokeStyle, [x, y, width, height]);
  }
  fillText(text: string, x: number, y: number): void {
    this.drawn.push({
      what: 'text',
      color: this.fillStyle,
      alpha: this.globalAlpha,
      box: [x, y, 0, 0],
      text,
    });
  }
  measureText(text: string): TextMetrics {
    return { width: text.length * CHARACTER } as TextMetrics;
  }
  setLineDash(dash: number[]): void {
    this.dash = dash;
  }

  texts(): string[] {
    return this.drawn.flatMap((d) => d.text ?? []);
  }

  of(color: string): Drawn[] {
    return this.drawn.filter((d) => d.color === color);
  }

  private add(what: Drawn['what'], color: string, box: Drawn['box']): void {
    this.drawn.push({ what, color, alpha: this.globalAlpha, box, dash: this.dash });
  }

  private bounds(): Drawn['box'] {
    const xs = this.path.map(([x]) => x);
    const ys = this.path.map(([, y]) => y);
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    return [x, y, Math.max(...xs) - x, Math.max(...ys) - y];
  }
}
