/** The recorded run that a page gives its playground: a trace file, checked like any stranger's. */
import { unpackTrace } from '../share/tracefile';
import { emptyRun, type Run } from '../views/store';

/** Throws an Error whose message is for the page where it can't be read. */
export async function readRecording(bytes: ArrayBuffer): Promise<Run> {
  const { info, frames } = await unpackTrace(new Blob([bytes]));
  const run = emptyRun(info.program, true, info);
  for await (const frame of frames) run.trace.append(frame);
  // Nothing more will come.
  run.trace.abort();
  return run;
}
