/** Hands a file to the person: the browser asks where to, or puts it among the downloads. */

export function saveFile(content: Blob, name: string): void {
  const link = document.createElement('a');
  const url = URL.createObjectURL(content);
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; a URL that is never revoked keeps its bytes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A file's name after a program's: 'default.py' and '.svg' make 'default.svg'. */
export function fileName(program: string, suffix: string): string {
  const base = program.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  return `${base.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '') || 'run'}${suffix}`;
}
