/**
 * Notes at the ends of lines end where the pane does: how much room a line leaves is measured, and CSS cuts the note there.
 * The whole of one that is cut is the line's tooltip.
 */
import { type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

/** Before a note, as in editor.css; and after it. */
const BEFORE = 24;
const AFTER = 16;
/** A note gets at least so much, and whoever wants to read it scrolls. */
const LEAST = 48;
const FONT_REM = 0.6875;

interface Note {
  line: HTMLElement;
  room: number;
  cut: boolean;
}

let canvas: CanvasRenderingContext2D | null | undefined;

export const noteRoom = ViewPlugin.fromClass(
  class {
    constructor(view: EditorView) {
      this.measure(view);
    }

    update({ view, docChanged, geometryChanged, viewportChanged, transactions }: ViewUpdate): void {
      if (docChanged || geometryChanged || viewportChanged || transactions.length > 0) this.measure(view);
    }

    private measure(view: EditorView): void {
      view.requestMeasure({
        key: this,
        read: () => notesOf(view),
        write(notes) {
          for (const line of view.contentDOM.querySelectorAll<HTMLElement>('[title]'))
            line.removeAttribute('title');
          for (const { line, room, cut } of notes) {
            line.style.setProperty('--note-room', `${room}px`);
            if (cut) line.title = line.dataset.note ?? '';
          }
        },
      });
    }
  },
);

function notesOf({ contentDOM, scrollDOM }: EditorView): Note[] {
  const right = scrollDOM.getBoundingClientRect().left + scrollDOM.clientWidth;
  const lines = [...contentDOM.querySelectorAll<HTMLElement>('[data-note]')];
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const font = `600 ${FONT_REM * rem}px ${getComputedStyle(document.body).fontFamily}`;
  return lines.map((line) => {
    const range = document.createRange();
    range.selectNodeContents(line);
    const text = range.getBoundingClientRect();
    // An empty line has no box of its own.
    const end = text.width > 0 ? text.right : line.getBoundingClientRect().left;
    const room = Math.max(LEAST, Math.floor(right - end - BEFORE - AFTER - scrollDOM.scrollLeft));
    return { line, room, cut: widthOf(line.dataset.note ?? '', font) > room };
  });
}

function widthOf(text: string, font: string): number {
  canvas ??= document.createElement('canvas').getContext('2d');
  if (!canvas) return 0;
  canvas.font = font;
  return canvas.measureText(text).width;
}
