/** A colour scheme other than the system's. */

const QUERY = /\(prefers-color-scheme:\s*(dark|light)\)/;

/**
 * The style sheets ask the system which scheme it has: every such question is answered here. For the page's start, before
 * anything was drawn.
 */
export function forceScheme(scheme: 'light' | 'dark'): void {
  document.documentElement.style.colorScheme = scheme;
  for (const sheet of document.styleSheets) force(sheet.cssRules, scheme);
}

function force(rules: CSSRuleList, scheme: 'light' | 'dark'): void {
  for (const rule of rules) {
    if (rule instanceof CSSMediaRule) {
      const asked = QUERY.exec(rule.media.mediaText)?.[1];
      if (asked)
        rule.media.mediaText = rule.media.mediaText.replace(QUERY, asked === scheme ? 'all' : 'not all');
    }
    if ('cssRules' in rule) force(rule.cssRules as CSSRuleList, scheme);
  }
}
