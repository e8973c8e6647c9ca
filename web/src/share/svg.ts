/**
 * A canvas context that writes SVG: the timeline paints on it as it paints on the screen, so the picture is the same, in
 * vectors. It knows what the timeline uses of a context; pixels of dense rows become small images.
 */
type Point = number;

interface State {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  globalAlpha: number;
  font: string;
  textAlign: 'left' | 'center' | 'right' | 'start' | 'end';
  textBaseline: string;
  dash: readonly number[];
  transform: string;
  /** Groups that were opened since the state before was saved. */
  groups: number;
}

const ANCHOR = { left: 'start', start: 'start', center: 'middle', right: 'end', end: 'end' } as const;
/** From where a baseline lies down to the alphabetic one, in heights of letters: few renderers know the others. */
const BASELINE: Record<string, number> = { middle: 0.36, top: 0.8, bottom: -0.2 };

export class SvgContext {
  fillStyle = '#000';
  strokeStyle = '#000';
  lineWidth = 1;
  globalAlpha = 1;
  font = '10px sans-serif';
  textAlign: State['textAlign'] = 'start';
  textBaseline = 'alphabetic';
  imageSmoothingEnabled = true;
  private dash: readonly number[] = [];
  private transform = '';
  private groups = 0;
  private path = '';
  private clips = 0;
  private readonly saved: State[] = [];
  private readonly out: string[] = [];

  /** `measure` knows how wide text is. */
  constructor(
    private readonly width: Point,
    private readonly height: Point,
    private readonly measure: Pick<CanvasRenderingContext2D, 'font' | 'measureText'>,
  ) {}

  /** The picture; `title` is for who can't see it. */
  toString(title: string): string {
    const size = `width="${this.width}" height="${this.height}" viewBox="0 0 ${this.width} ${this.height}"`;
    const text = `<title>${escapeXml(title)}</title>`;
    return `<svg xmlns="http://www.w3.org/2000/svg" role="img" ${size}>${text}\n${this.out.join('\n')}\n</svg>\n`;
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, globalAlpha, font, textAlign, textBaseline } = this;
    const { dash, transform, groups } = this;
    const styles = { fillStyle, strokeStyle, lineWidth, globalAlpha, font, textAlign, textBaseline };
    this.saved.push({ ...styles, dash, transform, groups });
    this.groups = 0;
  }

  restore(): void {
    const state = this.saved.pop();
    if (!state) return;
    for (; this.groups > 0; this.groups--) this.out.push('</g>');
    Object.assign(this, state);
  }

  translate(x: Point, y: Point): void {
    this.transform += `translate(${n(x)} ${n(y)})`;
  }

  rotate(angle: number): void {
    this.transform += `rotate(${n((angle * 180) / Math.PI)})`;
  }

  beginPath(): void {
    this.path = '';
  }

  closePath(): void {
    this.path += 'Z';
  }

  moveTo(x: Point, y: Point): void {
    this.path += `M${n(x)} ${n(y)}`;
  }

  lineTo(x: Point, y: Point): void {
    this.path += `${this.path ? 'L' : 'M'}${n(x)} ${n(y)}`;
  }

  bezierCurveTo(a: Point, b: Point, c: Point, d: Point, x: Point, y: Point): void {
    this.path += `C${[a, b, c, d, x, y].map(n).join(' ')}`;
  }

  rect(x: Point, y: Point, width: Point, height: Point): void {
    this.path += `M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}Z`;
  }

  roundRect(x: Point, y: Point, width: Point, height: Point, radii: number | number[] = 0): void {
    const all = typeof radii === 'number' ? [radii, radii, radii, radii] : radii;
    const most = Math.min(Math.abs(width), Math.abs(height)) / 2;
    const [a = 0, b = 0, c = 0, d = 0] = all.map((radius) => Math.min(radius, most));
    const corner = (r: number, dx: Point, dy: Point): string =>
      r > 0 ? `a${n(r)} ${n(r)} 0 0 1 ${n(dx)} ${n(dy)}` : '';
    this.path +=
      `M${n(x + a)} ${n(y)}H${n(x + width - b)}${corner(b, b, b)}V${n(y + height - c)}${corner(c, -c, c)}` +
      `H${n(x + d)}${corner(d, -d, -d)}V${n(y + a)}${corner(a, a, -a)}Z`;
  }

  clip(): void {
    const id = `clip${++this.clips}`;
    this.out.push(`<clipPath id="${id}"><path d="${this.path}"/></clipPath><g clip-path="url(#${id})">`);
    this.groups++;
  }

  fill(): void {
    this.put('path', `d="${this.path}"${this.paint()}`);
  }

  stroke(): void {
    const dash = this.dash.length ? ` stroke-dasharray="${this.dash.map(n).join(' ')}"` : '';
    const alpha = this.globalAlpha < 1 ? ` stroke-opacity="${n(this.globalAlpha)}"` : '';
    const color = ` stroke="${escapeXml(this.strokeStyle)}" stroke-width="${n(this.lineWidth)}"`;
    this.put('path', `d="${this.path}" fill="none"${color}${alpha}${dash}`);
  }

  fillRect(x: Point, y: Point, width: Point, height: Point): void {
    if (!(width > 0 && height > 0)) return;
    this.put('rect', `x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"${this.paint()}`);
  }

  strokeRect(x: Point, y: Point, width: Point, height: Point): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.stroke();
  }

  setLineDash(dash: readonly number[]): void {
    this.dash = dash;
  }

  measureText(text: string): TextMetrics {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }

  fillText(text: string, x: Point, y: Point): void {
    const [, weight = '', size = '10', family = 'sans-serif'] =
      /^(\d+ )?([\d.]+)px (.*)$/.exec(this.font) ?? [];
    const down = (BASELINE[this.textBaseline] ?? 0) * Number(size);
    const anchor = ANCHOR[this.textAlign];
    const style =
      `font-family="${escapeXml(family)}" font-size="${size}"${weight ? ` font-weight="${weight.trim()}"` : ''}` +
      `${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`;
    // Where the typeface is missing another one takes as much room.
    const room = ` textLength="${n(this.measureText(text).width)}" lengthAdjust="spacingAndGlyphs"`;
    this.put('text', `x="${n(x)}" y="${n(y + down)}" ${style}${room}${this.paint()}`, escapeXml(text));
  }

  /** Pixels of a canvas, or of a part of it. */
  drawImage(image: HTMLCanvasElement, ...at: number[]): void {
    const part = at.length === 8 ? cut(image, at) : image;
    const [x = 0, y = 0, width = image.width, height = image.height] = at.slice(-4);
    if (!(width > 0 && height > 0 && part.width > 0 && part.height > 0)) return;
    const place = `x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"`;
    this.put(
      'image',
      `${place} preserveAspectRatio="none" style="image-rendering:pixelated" href="${part.toDataURL()}"`,
    );
  }

  private paint(): string {
    const alpha = this.globalAlpha < 1 ? ` fill-opacity="${n(this.globalAlpha)}"` : '';
    return ` fill="${escapeXml(this.fillStyle)}"${alpha}`;
  }

  private put(name: string, attributes: string, content = ''): void {
    const transform = this.transform ? ` transform="${this.transform}"` : '';
    this.out.push(
      content
        ? `<${name} ${attributes}${transform}>${content}</${name}>`
        : `<${name} ${attributes}${transform}/>`,
    );
  }
}

/** Text as XML's text or attribute, without what XML can't hold. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

function cut(image: HTMLCanvasElement, [x = 0, y = 0, width = 1, height = 1]: number[]): HTMLCanvasElement {
  const part = document.createElement('canvas');
  part.width = width;
  part.height = height;
  part.getContext('2d')?.drawImage(image, x, y, width, height, 0, 0, width, height);
  return part;
}

/** A number in as few characters as matter. */
function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
