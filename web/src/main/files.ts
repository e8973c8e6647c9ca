/** Runs that come from files and go into them. */
import { TraceFormatError } from '../protocol/decode';
import { How, TRACE_FILE } from '../protocol/generated';
import type { RunEnd, RunInfo } from '../protocol/run-info';
import { listenToDrops } from '../share/drop';
import { traceEvents } from '../share/export/json';
import { asMarkdown } from '../share/export/markdown';
import { perfettoTrace } from '../share/export/perfetto';
import { fetchTrace } from '../share/fetch';
import { fileName, saveFile } from '../share/save';
import { packTrace, unpackTrace } from '../share/tracefile';
import type { Picture } from '../timeline';
import { narration } from '../trace/narrate';
import type { Trace } from '../trace/trace';
import { type ExportFormat, emptyRun, type Run, type Store, takeIn } from '../views/store';
import { asPng, asSvg } from './pictures';
import { FROM_A_LINK, type Programs } from './programs';

export interface Files {
  /** The run on the page, as a file. */
  save(): Promise<void>;
  /** The run on the page, for another tool or for reading. */
  exportAs(format: ExportFormat): void;
  open(file: File): Promise<void>;
  /** Opens the trace that the page's address names, if it names one. */
  openAddress(): Promise<void>;
}

/** `picture`: what is seen of the run. */
export function createFiles(store: Store, programs: Programs, picture: () => Picture | undefined): Files {
  let latest = 0;

  function tell(problem: unknown): void {
    // What is no TraceFormatError is the browser's: it could not read the file.
    const text =
      problem instanceof TraceFormatError
        ? problem.message
        : 'The browser could not read this file. It may have been moved or changed meanwhile.';
    store.notice.value = { text, urgent: true };
  }

  /**
   * Of files asked for one after another the last one is opened; one that comes after somebody has gone on takes nothing
   * away, no more than what can't be read.
   */
  async function show(name: string, read: () => Promise<Blob>): Promise<void> {
    const turn = ++latest;
    const late = programs.ask();
    try {
      const file = await read();
      const { info, frames } = await unpackTrace(file);
      const run = emptyRun(info.program, true, info, name);
      for await (const frame of frames) {
        if (turn !== latest) return;
        if (late()) break;
        // While the next ones come.
        takeIn(run, frame);
      }
      if (turn !== latest) return;
      if (late()) return tellLate(name, file);
      // Nothing more will come.
      run.trace.abort();
      programs.openRun(run);
    } catch (problem) {
      if (turn === latest) tell(problem);
    }
  }

  function tellLate(name: string, file: Blob): void {
    store.notice.value = {
      text: `${name} came after you had gone on: it was not opened.`,
      urgent: false,
      action: { label: 'Open it', run: () => void show(name, async () => file) },
    };
  }

  const files: Files = {
    async save() {
      const run = store.run.value;
      const { trace, info } = run;
      if (trace.count === 0) return;
      const end = endOf(run);
      const file = await packTrace({ ...info, ...(end && { end }) }, trace);
      saveFile(file, fileName(titleOf(store), TRACE_FILE.SUFFIX));
    },
    exportAs(format) {
      const { trace, info } = store.run.value;
      const title = titleOf(store);
      if (format === 'svg' || format === 'png') {
        const seen = picture();
        const name = fileName(title, `.${format}`);
        if (seen) void PICTURES[format](seen, title || UNNAMED).then((file) => file && saveFile(file, name));
        return;
      }
      const { suffix, type, make } = EXPORTS[format];
      const name = title || UNNAMED;
      saveFile(new Blob([...make({ ...info, name }, trace)], { type }), fileName(title, suffix));
    },
    open: (file) => show(file.name, async () => file),
    async openAddress() {
      const url = new URLSearchParams(location.search).get('trace');
      if (url !== null)
        await show(url.split(/[/?#]/).findLast(Boolean) ?? url, () => fetchTrace(url, location));
    },
  };
  listenToDrops(document.documentElement, (file) => void files.open(file));
  return files;
}

const UNNAMED = 'A run of asyncio';

/** What the run on the page is of: the file that was recorded, or the program's name; '': it has none. */
function titleOf({ run, title }: Store): string {
  const { info } = run.value;
  return info.name || (title.value === FROM_A_LINK ? '' : title.value);
}

interface Export {
  suffix: string;
  type: string;
  make(info: RunInfo, trace: Trace): Iterable<BlobPart>;
}

const PICTURES = { svg: asSvg, png: asPng } as const;

const EXPORTS: Record<Exclude<ExportFormat, 'svg' | 'png'>, Export> = {
  perfetto: {
    suffix: '.perfetto-trace',
    type: 'application/octet-stream',
    make: (_, trace) => perfettoTrace(trace),
  },
  json: { suffix: '.json', type: 'application/json', make: (_, trace) => traceEvents(trace) },
  markdown: {
    suffix: '.md',
    type: 'text/markdown',
    make: (info, trace) => [asMarkdown(info, narration(trace))],
  },
};

/** How a run ended; undefined while it goes on, or if it was ended from outside. */
function endOf({ trace, info }: Run): RunEnd | undefined {
  if (info.end && info.end.how !== 'failed') return info.end;
  if (!trace.exit || trace.aborted) return info.end;
  const { how, code } = trace.exit;
  const word = how === How.FINISHED ? 'finished' : how === How.FAILED ? 'failed' : 'stopped';
  return { how: word, code, ...(info.end?.problem && { problem: info.end.problem }) };
}
