/** Files that are dragged onto the page. */
import { TRACE_FILE } from '../protocol/generated';

/**
 * Tells of a file that was dropped anywhere. The editor takes programs: of what is dropped on a text field only trace
 * files are told. `root` has the class `dropping` while a file is over the page.
 */
export function listenToDrops(root: HTMLElement, opened: (file: File) => void): void {
  const carriesFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  const leave = (): void => root.classList.remove('dropping');

  addEventListener('dragover', (event) => {
    if (!carriesFile(event)) return;
    // Without this the browser would leave the page for the file.
    event.preventDefault();
    root.classList.add('dropping');
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) leave();
  });
  addEventListener(
    'drop',
    (event) => {
      if (!carriesFile(event)) return;
      leave();
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      const isTrace = file.name.toLowerCase().endsWith(TRACE_FILE.SUFFIX);
      const onText = event.target instanceof Element && event.target.closest('[contenteditable], input');
      if (onText && !isTrace) return;
      event.preventDefault();
      event.stopPropagation();
      opened(file);
    },
    // Before the editor, which would insert the file's text.
    { capture: true },
  );
}
