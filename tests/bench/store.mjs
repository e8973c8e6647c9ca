// The page's store without the page: what opened.py measures of it.
import { decodeFrames } from '../../web/src/protocol/decode';
import { Instants } from '../../web/src/trace/instant';
import { Trace } from '../../web/src/trace/trace';
import { Tracks } from '../../web/src/trace/tracks';

const INSTANTS = 200;

/** Milliseconds of every part. */
export async function measure(url) {
  const buffer = await (await fetch(url)).arrayBuffer();
  const lap = (act) => {
    const begin = performance.now();
    act();
    return performance.now() - begin;
  };
  const trace = new Trace();
  const append = lap(() => {
    for (const frame of decodeFrames(buffer)) trace.append(frame);
  });
  const tracks = new Tracks(trace);
  const index = lap(() => tracks.update());
  const states = new Instants(tracks);
  // The page does it while nobody waits.
  const ahead = lap(() => states.take(Infinity));
  const first = lap(() => states.at(0));
  const instants = [];
  for (let k = 0; k < INSTANTS; k++)
    instants.push(lap(() => states.at(Math.floor((k * 7919 * trace.count) / INSTANTS) % trace.count)));
  return { append, index, ahead, first, instants, bytes: trace.bytes };
}
