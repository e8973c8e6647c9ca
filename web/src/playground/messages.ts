/** What a page and the playground in it say to each other. Each side takes the other's words for a stranger's. */

/** Playground → page: it is there, and listens. */
export interface Hello {
  loopscope: 'hello';
}

/** Page → playground: what to show. */
export interface Show {
  loopscope: 'show';
  /** Missing: program and clock are those of the link in the frame's address, or else the program is the recording's own. */
  code?: string;
  clock?: 'virtual' | 'real';
  /** A trace file: shown until Run is pressed. */
  recording?: ArrayBuffer;
}

/** Longest program, in characters. */
export const MOST_CODE = 1_000_000;
