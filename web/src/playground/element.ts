/**
 * `<loopscope-playground>`: a program, its output and its timeline in anybody's page. One script file, which a page includes
 * once; what it can do stands in the README beside.
 *
 *     <script type="module" src="https://…/loopscope-playground.js"></script>
 *     <loopscope-playground height="320">
 *       <script type="text/x-python">print('hello')</script>
 *     </loopscope-playground>
 *
 * The playground itself is a frame from the site of the script. It stands in the page's own tree, not in a shadow of it:
 * only there the frames of one page find each other, and share one Python.
 */
import type { Hello, Show } from './messages';

const SITE = new URL(/* @vite-ignore */ './', import.meta.url);
const HEIGHT = '360px';

class LoopscopePlayground extends HTMLElement {
  private frame: HTMLIFrameElement | undefined;
  /** undefined: all is in the link. */
  private show: Promise<Show> | undefined;
  private readonly listen = (event: MessageEvent): void => void this.answer(event);

  connectedCallback(): void {
    // What the page wrote inside is there when the page's parser is at the end of it.
    if (document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', () => this.isConnected && this.build(), { once: true });
    } else this.build();
  }

  disconnectedCallback(): void {
    removeEventListener('message', this.listen);
    this.frame?.remove();
    this.frame = undefined;
  }

  private build(): void {
    if (this.frame) return;
    this.show ??= this.read();
    const frame = document.createElement('iframe');
    frame.src = this.address();
    frame.title = this.getAttribute('label') ?? 'A Python program, its output and its timeline';
    frame.allow = 'clipboard-write; cross-origin-isolated';
    frame.loading = 'lazy';
    frame.referrerPolicy = 'no-referrer';
    // Through the object model: a page's Content Security Policy may forbid style attributes.
    const { style } = frame;
    style.display = 'block';
    style.width = '100%';
    style.height = length(this.getAttribute('height'));
    style.border = '0';
    style.colorScheme = 'normal';
    addEventListener('message', this.listen);
    this.frame = frame;
    this.replaceChildren(frame);
  }

  private address(): string {
    const url = new URL('embed.html', SITE);
    const link = this.getAttribute('link');
    url.hash = link?.includes('#') ? link.slice(link.indexOf('#')) : '';
    if (this.show) url.searchParams.set('from', 'page');
    for (const name of ['panes', 'theme', 'autoload', 'readonly']) {
      const value = this.getAttribute(name);
      if (value !== null) url.searchParams.set(name, value);
    }
    return url.href;
  }

  /** What the page gives inline or by address; undefined: all is in the link. */
  private read(): Promise<Show> | undefined {
    const inline = this.querySelector('script[type="application/x-loopscope-trace"]')?.textContent;
    const recording = this.getAttribute('recording');
    const linked = Boolean(this.getAttribute('link'));
    if (linked && !inline && !recording) return undefined;
    const clock = this.getAttribute('clock') === 'real' ? 'real' : 'virtual';
    return Promise.all([
      linked ? undefined : this.program(),
      recording ? load(recording, (answer) => answer.arrayBuffer()) : inline ? decode(inline) : undefined,
    ]).then(([code, trace]) => ({
      loopscope: 'show',
      // Program and clock are the link's where there is one.
      ...(!linked && { clock }),
      ...(code && { code }),
      ...(trace && { recording: trace }),
    }));
  }

  private program(): string | Promise<string | undefined> {
    const src = this.getAttribute('src');
    if (src) return load(src, (answer) => answer.text());
    const program = this.querySelector('script[type="text/x-python"]') ?? this.querySelector('pre, template');
    const text = program instanceof HTMLTemplateElement ? program.content.textContent : program?.textContent;
    return dedent(text ?? (program ? '' : plain(this)));
  }

  private async answer({ source, origin, data }: MessageEvent): Promise<void> {
    const frame = this.frame?.contentWindow;
    if (!frame || source !== frame || origin !== SITE.origin || !isHello(data)) return;
    const show = await this.show;
    if (show) frame.postMessage(show, SITE.origin);
  }
}

function isHello(data: unknown): data is Hello {
  return typeof data === 'object' && data !== null && (data as Partial<Hello>).loopscope === 'hello';
}

async function load<T>(url: string, read: (answer: Response) => Promise<T>): Promise<T | undefined> {
  try {
    const answer = await fetch(url);
    if (answer.ok) return await read(answer);
    console.error(`loopscope-playground: ${url} answers ${answer.status}.`);
  } catch (error) {
    console.error(`loopscope-playground: ${url} could not be loaded.`, error);
  }
  return undefined;
}

/** undefined where it is damaged: the program is shown without its run. */
function decode(base64: string): ArrayBuffer | undefined {
  try {
    return Uint8Array.from(atob(base64.trim()), (letter) => letter.charCodeAt(0)).buffer;
  } catch (error) {
    console.error('loopscope-playground: the trace inside is damaged, or no base64.', error);
  }
  return undefined;
}

/** The element's own text, where the program stands in no element of its own. */
function plain(element: Element): string {
  return [...element.childNodes]
    .filter((node) => node.nodeType === Node.TEXT_NODE)
    .map((node) => node.textContent)
    .join('');
}

/** Without the lines around it and the margin that all lines share: the page's indentation is none of the program's. */
function dedent(text: string): string {
  const lines = text.replace(/^[ \t]*\n|\n[ \t]*$/g, '').split('\n');
  const margins = lines.filter((line) => line.trim()).map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const margin = Math.min(...margins);
  return margins.length ? `${lines.map((line) => line.slice(margin)).join('\n')}\n` : '';
}

/** A number is pixels; anything else is as CSS has it. */
function length(text: string | null): string {
  if (!text) return HEIGHT;
  return /^\d+(\.\d+)?$/.test(text) ? `${text}px` : text;
}

customElements.define('loopscope-playground', LoopscopePlayground);
