/** '1,234,567'. Not the browser's own: it takes some 20 ms to get ready when it is first asked, in the page's first frames. */
export function counted(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
