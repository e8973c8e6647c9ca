/** Widths of labels, without asking the canvas for each: a run has more labels than a cache could hold. */
import { tailOf } from '../trace/short';
import type { Px } from './layout';

type Measurer = Pick<CanvasRenderingContext2D, 'font' | 'measureText'>;

/** What is no plain Latin is measured whole: letters join. */
const PLAIN = /^[ -~…−×·–’“”]*$/;

/** Per font: the width of each character. */
const fonts = new Map<string, Map<string, Px>>();
const wholes = new Map<string, Px>();

function widthsOf(font: string): Map<string, Px> {
  let widths = fonts.get(font);
  if (!widths) {
    widths = new Map();
    fonts.set(font, widths);
  }
  return widths;
}

function characterWidth(context: Measurer, font: string, widths: Map<string, Px>, character: string): Px {
  let width = widths.get(character);
  if (width === undefined) {
    context.font = font;
    width = context.measureText(character).width;
    widths.set(character, width);
  }
  return width;
}

/** Width of a text in a font, to within what kerning makes of it. */
export function textWidth(context: Measurer, font: string, text: string): Px {
  if (!PLAIN.test(text)) return wholeWidth(context, font, text);
  const widths = widthsOf(font);
  let sum = 0;
  for (let k = 0; k < text.length; k++) sum += characterWidth(context, font, widths, text.charAt(k));
  return sum;
}

function wholeWidth(context: Measurer, font: string, text: string): Px {
  const key = `${font}|${text}`;
  let width = wholes.get(key);
  if (width === undefined) {
    if (wholes.size > 5000) wholes.clear();
    context.font = font;
    width = context.measureText(text).width;
    wholes.set(key, width);
  }
  return width;
}

/** Less than this many letters are no word any more. */
const LEAST = 5;

/** The text, or as much of it as there is room for, with an ellipsis; empty if that is too little. */
export function shorten(context: Measurer, font: string, text: string, room: Px): string {
  if (textWidth(context, font, text) <= room) return text;
  const ellipsis = textWidth(context, font, '…');
  let low = 0;
  if (PLAIN.test(text)) {
    const widths = widthsOf(font);
    for (let sum = ellipsis; low < text.length; low++) {
      sum += characterWidth(context, font, widths, text.charAt(low));
      if (sum > room) break;
    }
  } else {
    let high = text.length;
    while (low < high) {
      const mid = (low + high + 1) >>> 1;
      if (wholeWidth(context, font, text.slice(0, mid)) + ellipsis <= room) low = mid;
      else high = mid - 1;
    }
  }
  return low >= LEAST ? `${text.slice(0, low)}…` : '';
}

/** The text, or its begin and its end with an ellipsis between them: what tells names of one kind apart stands last. */
export function shortenMiddle(context: Measurer, font: string, text: string, room: Px): string {
  if (textWidth(context, font, text) <= room) return text;
  const tail = `…${tailOf(text)}`;
  let head = text.length - tail.length;
  const cut = (): string => text.slice(0, head).trimEnd() + tail;
  while (head > 1 && textWidth(context, font, cut()) > room) head--;
  return cut();
}

/** Fonts have changed. */
export function forgetWidths(): void {
  fonts.clear();
  wholes.clear();
}
