/** What the address of a playground asks for: `embed.html?panes=output,timeline&theme=dark&autoload&readonly#p1=…`. */

export const PANES = ['program', 'output', 'timeline'] as const;
export type EmbedPane = (typeof PANES)[number];

export interface EmbedOptions {
  /** Open at first, in the order in which they stand. */
  panes: EmbedPane[];
  /** undefined: as the system has it. */
  theme: 'light' | 'dark' | undefined;
  /** Python is loaded when the playground comes into view. */
  autoload: boolean;
  readOnly: boolean;
  /** The page around it gives the program. */
  fromPage: boolean;
}

/** Whatever makes no sense counts as missing. */
export function readOptions(search: string): EmbedOptions {
  const given = new URLSearchParams(search);
  const on = (name: string): boolean => given.has(name) && !/^(false|no|0)$/i.test(given.get(name) ?? '');
  const asked = (given.get('panes') ?? '').toLowerCase().split(/[\s,]+/);
  const panes = PANES.filter((pane) => asked.includes(pane));
  const theme = given.get('theme');
  return {
    panes: panes.length > 0 ? panes : ['output', 'timeline'],
    theme: theme === 'light' || theme === 'dark' ? theme : undefined,
    autoload: on('autoload'),
    readOnly: on('readonly'),
    fromPage: given.get('from') === 'page',
  };
}
