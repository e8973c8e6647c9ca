/**
 * Where packages come from: the one part of the network that a program's packages are fetched from. The Content Security
 * Policy in netlify.toml names the same hosts.
 */

export interface IndexHost {
  origin: string;
  /** Paths begin with this. */
  path: string;
  /** What an address holds never changes. */
  immutable: boolean;
}

export const INDEX_HOSTS: readonly IndexHost[] = [
  // The index itself: which files a project has.
  { origin: 'https://pypi.org', path: '/simple/', immutable: false },
  // The files. Their addresses carry a hash of what they hold.
  { origin: 'https://files.pythonhosted.org', path: '/packages/', immutable: true },
];

/** Bytes that one answer may have. The largest index pages have a few MB, wheels for a browser rarely more than 20. */
export const MAX_ANSWER = 64 * 1024 * 1024;
/** Answers that the browser keeps, the latest ones. */
export const KEEP_ANSWERS = 400;

/** The host an address belongs to, and the address as it will be asked for; undefined for any other address. */
export function indexHost(address: string): { host: IndexHost; url: string } | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  // What URL makes of it is compared, not what was written: no credentials, no port, no way up.
  if (url.username || url.password || url.search) return undefined;
  url.hash = '';
  const host = INDEX_HOSTS.find((one) => one.origin === url.origin && url.pathname.startsWith(one.path));
  return host && { host, url: url.href };
}
