/** Whether somebody is in the middle of typing: then the focus must stay where it is. */

const LATELY_MS = 1500;

let typedAt = -Infinity;
if (typeof document !== 'undefined')
  document.addEventListener(
    'input',
    () => {
      typedAt = performance.now();
    },
    { capture: true, passive: true },
  );

export function typedLately(): boolean {
  return performance.now() - typedAt < LATELY_MS;
}
