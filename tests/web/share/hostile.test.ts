/** What a stranger's program names and prints is text in every file that is made of its run. */
import { describe, expect, test } from 'vitest';
import type { RunInfo } from '../../../web/src/protocol/run-info';
import { traceEvents } from '../../../web/src/share/export/json';
import { asMarkdown } from '../../../web/src/share/export/markdown';
import { perfettoTrace } from '../../../web/src/share/export/perfetto';
import { fileName } from '../../../web/src/share/save';
import { SvgContext } from '../../../web/src/share/svg';
import { narration } from '../../../web/src/trace/narrate';
import type { Trace } from '../../../web/src/trace/trace';
import { FakeLoop } from '../helpers/loop';

const HOSTILE: Record<string, string> = {
  markup: '<img src=x onerror=alert(1)>',
  'the end of text, script, comment and data': '</text></script>--><!--]]><![CDATA[</svg>',
  'quotes and entities': `"'&lt;&#60;&quot;`,
  'a link, a picture and code': '[click](javascript:alert(1)) ![x](//evil) `code` **bold** $x$',
  'other lines': 'a\r# b\r\r- c\u2028# d\u2029> e\u0085f\vg\fh',
  'a fence and a heading': '```\n\n# heading\n===\n<script>',
  'control characters': 'a\u0000b\u0007c\u001b[31md\u007fe\u009bf',
  'directions that are never closed': '\u202eabc\u2066def\u2067ghi\u202a',
  'half characters': '\ud800 \udc00\ud83d 😀 \ufffe\uffff',
  'JSON’s own letters': '\\u0022},{"ph":"M"}\\',
  'names of prototypes': '__proto__',
};

/** A task of that name, that waits for it, prints it and wakes another. */
function run(text: string): Trace {
  const loop = new FakeLoop();
  loop.run(text, function* (self) {
    const end = self.spawn(`child of ${text}`, function* () {
      yield self.sleep(0.01);
      self.print(`${text}\n`);
    });
    yield end;
  });
  return loop.rows.trace();
}

function markdownOf(text: string): string {
  const info: RunInfo = {
    name: text,
    program: `print(${JSON.stringify(text)})\n`,
    clock: 'virtual',
    pace: 0,
    seed: 0,
    requirements: [],
    python: text,
    platform: '',
  };
  return asMarkdown(info, narration(run(text)));
}

/** All texts of a message, those of the messages in it included; throws where it is none. */
function textsOf(bytes: Uint8Array): string[] {
  const found: string[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('cut');
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    if (tag >> 3 === 0 || tag >= 1024) throw new Error('no field of ours');
    const kind = tag & 7;
    if (kind === 0) varint();
    else if (kind === 1) at += 8;
    else if (kind === 2) {
      const length = varint();
      found.push(...within(bytes.subarray(at, at + length)));
      at += length;
    } else throw new Error('no wire type of ours');
  }
  if (at !== bytes.length) throw new Error('cut');
  return found;
}

/** Bytes that may be a text, a message or both. */
function within(part: Uint8Array): string[] {
  const found: string[] = [];
  let readable = false;
  for (const read of [textsOf, textOf]) {
    try {
      found.push(...read(part));
      readable = true;
    } catch {
      // The other one.
    }
  }
  if (!readable) throw new Error('neither text nor message');
  return found;
}

function textOf(part: Uint8Array): string[] {
  return [new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(part)];
}

describe.each(Object.entries(HOSTILE))('%s', (_, text) => {
  test('in Trace Event JSON', () => {
    const json = [...traceEvents(run(text))].join('');
    // As it is written: half a character has to be spelled.
    expect(json.isWellFormed()).toBe(true);
    const { traceEvents: events } = JSON.parse(json) as {
      traceEvents: { ph: string; name: string; args?: { name?: string } }[];
    };
    const threads = events.filter(({ name }) => name === 'thread_name').map(({ args }) => args?.name);
    expect(threads).toEqual(['event loop', text, `child of ${text}`]);
    expect(events.filter(({ ph }) => ph === 'i').map(({ name }) => name)).toEqual([`prints ${text}`]);
  });

  test('in Markdown', () => {
    const lines = markdownOf(text).split('\n');
    // No other ends of lines, no other directions, no other blocks than ours.
    const program = lines.findIndex((line) => /^`{3,}python$/.test(line));
    const fence = (lines[program] as string).replace('python', '');
    const end = lines.indexOf(fence);
    expect(lines.slice(program + 1, end)).toEqual([`print(${JSON.stringify(text)})`]);
    const ours = [...lines.slice(0, program), ...lines.slice(end + 1)];
    expect(ours.join('')).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
    expect(
      ours.filter((line) => !/^(# |## The program$|## What it did$|Recorded by |- |$)/.test(line)),
    ).toEqual([]);
    expect(ours.filter((line) => line.startsWith('#'))).toHaveLength(3);
    // What means something to Markdown or HTML is marked as text.
    expect(
      ours.slice(1).join('\n').replace(/\\./g, '').replace(/&amp;/g, '').replace(/^## /gm, ''),
    ).not.toMatch(/[`*_[\]<>#|~$&]/);
  });

  test('in SVG', () => {
    const measure = { font: '', measureText: (words: string) => ({ width: words.length }) as TextMetrics };
    const context = new SvgContext(100, 50, measure);
    context.font = `10px ${text}`;
    context.fillStyle = text;
    context.fillText(text, 0, 0);
    const svg = context.toString(text);
    expect(svg).not.toMatch(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
    expect(svg.match(/<[^>]*>/g)?.map((tag) => /^<\/?\w+/.exec(tag)?.[0])).toEqual([
      '<svg',
      '<title',
      '</title',
      '<text',
      '</text',
      '</svg',
    ]);
    expect(svg.replace(/&(amp|lt|gt|quot);/g, '')).not.toContain('&');
    // An attribute ends where we end it.
    const attributes = /<text ([^>]*)>/.exec(svg)?.[1] as string;
    expect(attributes.replace(/[\w-]+="[^"<]*"/g, '').trim()).toBe('');
  });

  test('in Perfetto’s protobuf', () => {
    const pieces = [...perfettoTrace(run(text))].map((piece) => [...piece]);
    const texts = textsOf(Uint8Array.from(pieces.flat()));
    const shown = new TextDecoder().decode(new TextEncoder().encode(text));
    expect(texts).toEqual(expect.arrayContaining([shown, `child of ${shown}`, `prints ${shown}`]));
  });

  test('in a file’s name', () => {
    expect(fileName(text, '.svg')).toMatch(/^[\p{L}\p{N}_][\p{L}\p{N}._-]*\.svg$/u);
  });
});
