/** Files of the site that only some programs need. The worker has no network: it asks the page. */
import type { Command, Report } from './messages';

type File = Extract<Command, { type: 'file' }>;

export interface Wishes {
  /** Bytes of a file, see `fetchExtra` in assets.ts. Rejects with the reason why it doesn't come. */
  get(name: string): Promise<Uint8Array>;
  /** The page's answer. */
  file(answer: File): void;
}

export function createWishes(report: (message: Report) => void): Wishes {
  const waiting = new Map<string, (answer: File) => void>();
  return {
    async get(name) {
      const answer = new Promise<File>((resolve) => waiting.set(name, resolve));
      report({ type: 'want', name });
      const { bytes, problem } = await answer;
      if (problem) throw new Error(problem);
      return new Uint8Array(bytes);
    },
    file(answer) {
      waiting.get(answer.name)?.(answer);
      waiting.delete(answer.name);
    },
  };
}
