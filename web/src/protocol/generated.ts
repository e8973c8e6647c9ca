// Generated from py/loopscope/protocol.py by `npm run generate`. Do not edit.

export const VERSION = 1;
export const MAGIC = 826692428;
export const HEADER_BYTES = 16;
export const ROW_BYTES = 64;

export const Kind = {
  STEP: 1,
  CALLBACK: 2,
  TASK: 3,
  TIMER: 4,
  TIMER_CANCELLED: 5,
  OUTPUT: 6,
  IDLE: 7,
  LOOP: 8,
  OBJECT: 9,
  EXIT: 10,
  CANCEL: 11,
  NOTE: 12,
  STATE: 13,
  ERROR: 14,
} as const;

export const How = {
  SUSPENDED: 1,
  YIELDED: 2,
  RETURNED: 3,
  RAISED: 4,
  CANCELLED: 5,
  INTERRUPTED: 6,
  STDOUT: 7,
  STDERR: 8,
  TIMER: 9,
  OUTSIDE: 10,
  BEGIN: 11,
  END: 12,
  FINISHED: 13,
  FAILED: 14,
  STOPPED: 15,
  ECHO: 16,
  WITHDRAWN: 17,
  RETRIEVED: 18,
  PART: 19,
  UNFINISHED: 20,
  BY_PARENT: 21,
  BY_GROUP: 22,
  BY_TIMEOUT: 23,
  BY_GATHER: 24,
  BY_RUN: 25,
  BY_STOP: 26,
  BY_CHILD: 27,
  NOTIFIED: 28,
  SHUT: 29,
} as const;

export const Flag = {
  EAGER: 1,
  LIBRARY: 2,
  UNHEARD: 4,
} as const;

/** Columns of a row: offset in elements of their array type, from the row's first byte. */
export const COLUMN = {
  /** clock at the begin, seconds since the run began */
  t: { array: 'f64', at: 0 },
  /** clock at the end, seconds */
  end: { array: 'f64', at: 1 },
  /** clock when the handle was put in the ready queue, seconds */
  ready: { array: 'f64', at: 2 },
  /** time really spent, seconds; the one column that differs between equal runs */
  cpu: { array: 'f32', at: 6 },
  /** Kind | How << 8 | Flag bits << 16 */
  kind: { array: 'i32', at: 7 },
  /** id of the task, timer, callback or object the event is about */
  subject: { array: 'i32', at: 8 },
  /** id of the task, timer or callback that caused it; 0: from outside the loop */
  by: { array: 'i32', at: 9 },
  /** site id: the program's line where `by` caused it; 0: unknown */
  site: { array: 'i32', at: 10 },
  /** id of the future or task through which the cause came; 0: none */
  via: { array: 'i32', at: 11 },
  /** id of the future or task that is awaited now; 0: none */
  waits: { array: 'i32', at: 12 },
  /** chain id: where the subject stands in its await chain; 0: unknown */
  chain: { array: 'i32', at: 13 },
  /** event index at which the handle was put in the ready queue */
  ready_seq: { array: 'i32', at: 14 },
  /** see FIELDS */
  aux: { array: 'i32', at: 15 },
} as const;

/** Packed rows: columns in their order, times first; see py/loopscope/protocol.py. */
export const PACKED = {
  VERSION: 2,
  HEADER_BYTES: 24,
  ROWS: 4096,
  HALF: 15,
  SPARSE: 4,
  MICRO: 8,
  HEAD_BYTES: 136,
  TIMES: 4,
  COLUMN: {
    t: 0,
    end: 1,
    ready: 2,
    cpu: 3,
    kind: 4,
    how: 5,
    flags: 6,
    subject: 7,
    by: 8,
    site: 9,
    via: 10,
    waits: 11,
    chain: 12,
    ready_seq: 13,
    aux: 14,
  },
} as const;

/** The trace file: layout and bounds, see py/loopscope/tracefile.py. */
export const TRACE_FILE = {
  MAGIC: [76, 83, 67, 79, 80, 69, 13, 10],
  VERSION: 2,
  PLAIN: 1,
  HEAD_BYTES: 24,
  MAX_BYTES: 268435456,
  MAX_EVENTS: 4000000,
  SUFFIX: '.loopscope',
} as const;
