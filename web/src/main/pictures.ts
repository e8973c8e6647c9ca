/** What is seen of a run, as files. */
import { SvgContext } from '../share/svg';
import { FINE, type Picture } from '../timeline';

export async function asSvg(picture: Picture, name: string): Promise<Blob | undefined> {
  const measure = document.createElement('canvas').getContext('2d');
  if (!measure) return undefined;
  const context = new SvgContext(picture.width, picture.height, measure);
  // It has what the timeline uses of a context.
  picture.paint(context as unknown as CanvasRenderingContext2D);
  return new Blob([context.toString(`${name}, drawn by Loopscope`)], { type: 'image/svg+xml' });
}

export function asPng(picture: Picture): Promise<Blob | undefined> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * FINE);
  canvas.height = Math.round(picture.height * FINE);
  const context = canvas.getContext('2d');
  if (!context) return Promise.resolve(undefined);
  context.scale(FINE, FINE);
  picture.paint(context);
  return new Promise((done) => canvas.toBlob((blob) => done(blob ?? undefined)));
}
