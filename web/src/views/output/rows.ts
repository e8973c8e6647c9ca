/** The elements of consecutive lines, in the log's element. Each is followed by a newline, as text taken from there is. */
export class Rows {
  /** Number of the first line that has an element. */
  from = 0;
  private rows: HTMLElement[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly make: (number: number) => HTMLElement,
  ) {}

  /** Number after the last line that has an element. */
  get to(): number {
    return this.from + this.rows.length;
  }

  get elements(): readonly HTMLElement[] {
    return this.rows;
  }

  clear(from: number): void {
    this.host.replaceChildren();
    this.rows = [];
    this.from = from;
  }

  /** Takes away the elements from a line on. */
  cut(number: number): void {
    for (const row of this.rows.splice(Math.max(0, number - this.from))) remove(row);
  }

  /** Takes away the elements before a line. */
  drop(number: number): void {
    const count = Math.min(this.rows.length, Math.max(0, number - this.from));
    for (const row of this.rows.splice(0, count)) remove(row);
    this.from += count;
  }

  extend(to: number): void {
    const fragment = document.createDocumentFragment();
    for (let number = this.to; number < to; number++) {
      const row = this.make(number);
      this.rows.push(row);
      fragment.append(row, '\n');
    }
    this.host.append(fragment);
  }

  extendBack(from: number): void {
    const fragment = document.createDocumentFragment();
    const added: HTMLElement[] = [];
    for (let number = from; number < this.from; number++) {
      const row = this.make(number);
      added.push(row);
      fragment.append(row, '\n');
    }
    this.host.prepend(fragment);
    this.rows.unshift(...added);
    this.from = Math.min(from, this.from);
  }
}

function remove(row: HTMLElement): void {
  row.nextSibling?.remove();
  row.remove();
}
