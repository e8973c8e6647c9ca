/** Trace files by their address, from the page's own site alone. */
import { TraceFormatError } from '../protocol/decode';
import { TRACE_FILE } from '../protocol/generated';

/** The file at an address. Throws TraceFormatError, whose message is for the page. */
export async function fetchTrace(address: string, page: Pick<Location, 'href' | 'origin'>): Promise<Blob> {
  let url: URL;
  try {
    url = new URL(address, page.href);
  } catch {
    throw new TraceFormatError('The address of the trace is no address.');
  }
  if (url.origin !== page.origin)
    throw new TraceFormatError(
      'A trace can be opened from this site only. Download the file and drop it on the page.',
    );
  const answer = await fetch(url, { credentials: 'omit', redirect: 'error' }).catch(() => undefined);
  if (!answer?.ok) {
    const why = answer ? `the site answered ${answer.status}` : 'there is no connection';
    throw new TraceFormatError(`The trace ${url.pathname} could not be fetched: ${why}.`);
  }
  if (Number(answer.headers.get('content-length')) > TRACE_FILE.MAX_BYTES)
    throw new TraceFormatError('The trace is too large.');
  return answer.blob();
}
