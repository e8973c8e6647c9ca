/**
 * The page's side of a program's network: one request to a host that the visitor allowed. Without cookies or anything else
 * that tells who asks; never to the site itself; never on to where a server redirects, because that is another host to ask for.
 */
import { readBody } from './body';

export interface Request {
  url: string;
  method: string;
  headers: [string, string][];
  body: ArrayBuffer | undefined;
}

/** `problem`: why nothing came, in words; '' if something did. */
export interface Response {
  status: number;
  statusText: string;
  headers: [string, string][];
  bytes: ArrayBuffer;
  problem: string;
}

/** Whether the visitor lets the program send such a request to this host (with its port, if it isn't the usual one). */
export type Permit = (host: string, method: string) => Promise<boolean>;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const LOCAL = ['localhost', '127.0.0.1'];
/** Bytes of an answer. */
const LARGEST = 32 * 1024 * 1024;
const PATIENCE_MS = 60_000;

/** An answer that is none. */
export const refusal = (problem: string): Response => ({
  status: 0,
  statusText: '',
  headers: [],
  bytes: new ArrayBuffer(0),
  problem,
});

/** What speaks against an address, whoever allows it; undefined: nothing. `origin` is the site's. */
export function objection(url: URL, method: string, origin: string): string | undefined {
  if (url.origin === origin) return 'a program may not ask the site that it runs on';
  if (url.username || url.password) return 'an address may not hold a name or a password';
  const local = LOCAL.includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local))
    return `${url.protocol}// is not allowed: only https://, and http:// to this computer`;
  if (!METHODS.includes(method)) return `a program may not send ${method}`;
  return undefined;
}

export async function askOutside(
  { url: address, method, headers, body }: Request,
  permit: Permit,
  signal: AbortSignal,
  parts = { fetch: globalThis.fetch.bind(globalThis), origin: globalThis.location?.origin ?? '' },
): Promise<Response> {
  if (!URL.canParse(address)) return refusal(`${address.slice(0, 200)} is no address`);
  const url = new URL(address);
  const wrong = objection(url, method, parts.origin);
  if (wrong) return refusal(`${address.slice(0, 200)}: ${wrong}`);
  if (!(await permit(url.host, method)))
    return refusal(`${url.host}: the visitor of this page did not allow the program to ask this host`);
  try {
    const answer = await parts.fetch(url.href, {
      method,
      headers,
      ...(body && { body }),
      mode: 'cors',
      credentials: 'omit',
      redirect: 'manual',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    if (answer.type === 'opaqueredirect')
      return refusal(
        `${url.href} redirects elsewhere, and redirects are not followed: ask for where it leads`,
      );
    const { status, statusText } = answer;
    const bytes = await readBody(answer.body, LARGEST);
    if (!bytes) return refusal(`${url.href} has more than ${LARGEST / 1024 / 1024} MB`);
    return { status, statusText, headers: [...answer.headers], bytes, problem: '' };
  } catch {
    return refusal(`${url.href} can't be reached, or does not let other sites read it (CORS)`);
  }
}
