/** What is known of a run beside its events: the header of a trace file, see HEADER in tracefile.py. */

/** How a run ended, as the file's header tells it. */
export interface RunEnd {
  how: 'finished' | 'failed' | 'stopped';
  code: number;
  problem?: RunProblem;
}

export interface RunProblem {
  type: string;
  message: string;
  text: string;
  /** From 1. */
  line?: number | undefined;
  /** In characters, from 0. */
  column?: number | undefined;
  endColumn?: number | undefined;
}

export interface RunInfo {
  program: string;
  /** Its file's name; '' if it had none. */
  name: string;
  clock: 'virtual' | 'real';
  pace: number;
  seed: number;
  requirements: string[];
  /** '3.14.2'; '' unknown. */
  python: string;
  platform: string;
  end?: RunEnd;
}
