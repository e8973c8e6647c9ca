/** The menu's programs: files of web/examples, told apart by name, titled by their first comment. */
export interface Example {
  name: string;
  title: string;
  /** What to look for: the second comment line. */
  hint: string;
  /** The finding that it is there to show, by its kind; '': it shows how something is done. */
  finding: string;
  /** As the editor shows it and the build records it. */
  code: string;
}

/** The program without what is said to the menu: its title is a plain comment. scripts/python/recordings.mjs does the same. */
export function programOf(text: string): string {
  return text.replace(/^# Title: /, '# ').replace(/^# Finding: .*\n/m, '');
}

/**
 * The example whose program a text is. In links that were made when a program still said to the menu what it is, all but
 * that is compared: hints have changed since.
 */
export function exampleOf(examples: readonly Example[], code: string): Example | undefined {
  const old = code.startsWith('# Title: ');
  return examples.find((one) => one.code === code || (old && bodyOf(one.code) === bodyOf(code)));
}

/** A program without the comments that it begins with. */
function bodyOf(code: string): string {
  return code.replace(/^(#.*\n)*/, '');
}

/** From path → text, in order of the file names; the default program first. */
export function readExamples(files: Readonly<Record<string, string>>, defaultName: string): Example[] {
  const examples = Object.entries(files).map(([path, text]) => {
    const name = path.replace(/^.*\//, '').replace(/\.py$/, '');
    const title = /^# Title: (.+)$/m.exec(text)?.[1];
    return {
      name,
      title: title?.trim() ?? 'Two tasks take turns',
      hint: title ? (/^# Title: .*\n# (.+)$/m.exec(text)?.[1] ?? '') : 'The program this page opens with.',
      finding: /^# Finding: (.+)$/m.exec(text)?.[1] ?? '',
      code: programOf(text),
    };
  });
  const rank = (name: string): string => (name === defaultName ? '' : name);
  return examples.sort((a, b) => (rank(a.name) < rank(b.name) ? -1 : 1));
}
