/**
 * The page's side of the sandbox: a frame of no origin in which the interpreters live. It has no storage, no cookies, no
 * network and no way to the page but one port, whose every message is checked here.
 *
 *     opening ──frame is there, script and files sent──▶ open ──▶ failed: removed with all that ran in it
 */
import { type Assets, fetchAssets, type Large, LIBRARY_BYTES, LIBRARY_SIZES, RESTORES } from '../assets';
import { type Command, type Report, SHARED_BYTES } from '../messages';
import { checkReport, checkUp, Violation } from './check';
import script from './frame.js?raw';
import { type Down, LIMITS, type Words } from './messages';

/** The frame's own policy; the site's holds in it as well. The hash is its script's: `npm run generate` writes it here. */
const HASH = 'sha256-LABdDZSW5AzTlSd8dK7fn9/tUporzqJ5P9N6KuMLvM8=';
const POLICY = `default-src 'none'; script-src '${HASH}' 'wasm-unsafe-eval'; worker-src blob: data:`;
const DOCUMENT = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><script>${script}</script>`;
/** Milliseconds between two questions whether the frame is alive, and how many may stay without an answer. */
const PING = 1000;
const SILENCE = 10;
/** Questions until an interpreter has said its first word, once all it is made of has come; slow machines take seconds. */
const BEGIN = 60;

/**
 * Why an interpreter or the whole sandbox is gone. `crash`: it died; `ended`: it was ended for what it did; `load`: what it is
 * made of did not come; `begin`: all came, and it did not begin.
 */
export interface Loss {
  kind: 'crash' | 'ended' | 'load' | 'begin';
  message: string;
}

/** One interpreter, in its worker. */
export interface Cell {
  send(command: Command, transfer?: Transferable[]): void;
  /** Without shared memory nothing happens. */
  write(words: Omit<Words, 'type' | 'id'>): void;
  kill(): void;
}

export interface CellEvents {
  report(message: Report): void;
  lost(loss: Loss): void;
}

export interface Sandbox {
  /** Whether interpreters share memory with the frame; known when the first one reports. */
  readonly shares: boolean;
  spawn(events: CellEvents): Cell;
  /** What is left of the core is sent: there is time for it. */
  ahead(): void;
  /** Calls back when the frame has had its turn, and all that interpreters had told it until then has come. */
  turn(then: () => void): void;
  dispose(): void;
}

export interface SandboxOptions {
  jspi: boolean;
  shared: boolean;
  snapshot: boolean;
}

/** `onLoss`: the sandbox is gone, and all cells with it; each of them hears it, too. */
export function createSandbox(options: SandboxOptions, onLoss: (loss: Loss) => void): Sandbox {
  const cells = new Map<number, CellEvents>();
  /** How often those were asked for that have not said a word. */
  const silent = new Map<number, number>();
  /** All that interpreters are made of has come. */
  let complete = false;
  const { port1: port, port2 } = new MessageChannel();
  const frame = document.createElement('iframe');
  let shares = false;
  /** Whether the frame can read blobs of this page. */
  const blobs = Promise.withResolvers<boolean>();
  let gone = false;
  let ids = 0;
  let unanswered = 0;
  /** What follows each question that has no answer yet. */
  const asked: (() => void)[] = [];
  let since = 0;
  let messages = 0;

  const tell = (message: Down, transfer: Transferable[] = []): void => {
    if (!gone) port.postMessage(message, transfer);
  };

  function ping(then: () => void): void {
    asked.push(then);
    tell({ type: 'ping' });
  }

  function dispose(): void {
    gone = true;
    clearInterval(heartbeat);
    port.onmessage = null;
    port.close();
    frame.remove();
    cells.clear();
  }

  function lose(loss: Loss): void {
    if (gone) return;
    const all = [...cells.values()];
    dispose();
    onLoss(loss);
    for (const cell of all) cell.lost(loss);
  }

  function kill(id: number): void {
    silent.delete(id);
    if (cells.delete(id)) tell({ type: 'kill', id });
  }

  /** Some browsers tell nobody that they start no worker: an extension or a policy forbids it. */
  function endTheSilent(): void {
    for (const [id, asked] of silent) {
      const cell = cells.get(id);
      if (asked < BEGIN) silent.set(id, asked + 1);
      else if (cell) {
        kill(id);
        cell.lost({ kind: 'begin', message: 'it came whole and did not begin' });
      }
    }
  }

  function receive(data: unknown): void {
    const now = performance.now();
    if (now - since > 1000) {
      since = now;
      messages = 0;
    }
    // The frame lets less through: this one is no frame of ours any more.
    if (++messages > 4 * LIMITS.messages) throw new Violation('too many messages');
    const message = checkUp(data);
    if (message.type === 'open') {
      shares = message.shared && options.shared;
      blobs.resolve(message.blobs);
      // Nothing can be waited for in the middle of a program: all must be there before.
      if (!shares || !options.snapshot) complement();
    } else if (message.type === 'pong') {
      unanswered = 0;
      asked.shift()?.();
    } else {
      const cell = cells.get(message.id);
      if (!cell) return;
      silent.delete(message.id);
      if (message.type === 'report') cell.report(checkReport(message.report));
      else if (message.type === 'lost') lose(lossOf(message.reason));
      else {
        kill(message.id);
        cell.lost({ kind: 'crash', message: message.message });
      }
    }
  }

  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    try {
      receive(data);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      lose({ kind: 'ended', message: `it sent what no run sends (${error.message})` });
    }
  };
  port.onmessageerror = () => lose({ kind: 'ended', message: 'it sent what can’t be read' });

  // It counts only what it was asked in vain: a page that sleeps asks nothing.
  const heartbeat = setInterval(() => {
    if (cells.size === 0) return;
    if (++unanswered > SILENCE) lose({ kind: 'crash', message: 'it has gone silent' });
    else ping(() => {});
    if (complete) endTheSilent();
  }, PING);

  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('allow', 'cross-origin-isolated');
  frame.setAttribute('aria-hidden', 'true');
  frame.title = 'Python';
  frame.hidden = true;
  frame.srcdoc = DOCUMENT;
  let loaded = false;
  frame.addEventListener('load', () => {
    if (loaded) lose({ kind: 'ended', message: 'it left its place' });
    else frame.contentWindow?.postMessage(new Blob(['?']), '*', [port2]);
    loaded = true;
  });
  document.body.append(frame);

  const failed = (error: unknown): void =>
    lose({ kind: 'load', message: error instanceof Error ? error.message : String(error) });
  const assets = fetchAssets(options.snapshot, blobs.promise);
  /** Whether the rest of the core is on its way. */
  let complemented = false;
  function complement(): void {
    if (complemented) return;
    complemented = true;
    assets
      .rest()
      .then((rest) => tell({ type: 'rest', rest }, bytesAmong([rest])))
      .catch((problem) => {
        complemented = false;
        // With shared memory it is asked for again when it is needed.
        if (!shares || !options.snapshot) failed(problem);
      });
  }
  const begun = assets.script.then((parts) => tell({ type: 'script', parts }, parts));
  begun.catch(failed);
  begun
    .then(() => fill(assets, tell))
    .then(() => {
      complete = true;
    })
    .catch(failed);

  return {
    get shares() {
      return shares;
    },
    spawn(events) {
      const id = ++ids;
      cells.set(id, events);
      silent.set(id, 0);
      begun.then(
        () => {
          const restores = options.snapshot && RESTORES;
          const command = { type: 'init', restores, jspi: options.jspi, library: LIBRARY_SIZES } as const;
          const shared = options.shared ? SHARED_BYTES + LIBRARY_BYTES : 0;
          if (cells.has(id)) tell({ type: 'spawn', id, command, shared, limits: LIMITS });
        },
        () => {}, // told above, to all cells
      );
      return {
        send: (command, transfer = []) => tell({ type: 'send', id, command, transfer }, transfer),
        write: (words) => tell({ type: 'words', id, ...words }),
        kill: () => kill(id),
      };
    },
    ahead: complement,
    turn: ping,
    dispose,
  };
}

/** Sends what interpreters are made of, each part as it comes. */
async function fill(assets: Assets, tell: (message: Down, transfer?: Transferable[]) => void): Promise<void> {
  const files = assets.files.then((files) =>
    tell({ type: 'files', files }, bytesAmong(Object.values(files))),
  );
  // Heard of below, once the core is there.
  files.catch(() => {});
  const core = await assets.core;
  tell({ type: 'core', core }, bytesAmong([core]));
  await files;
}

/** Those that can be handed over. */
function bytesAmong(files: readonly Large[]): ArrayBuffer[] {
  return files.filter((file) => file instanceof ArrayBuffer);
}

function lossOf(reason: string): Loss {
  if (reason === 'rate') return { kind: 'ended', message: 'it sent more than the page takes' };
  if (reason === 'size') return { kind: 'ended', message: 'it sent more at once than the page takes' };
  return { kind: 'load', message: reason };
}
