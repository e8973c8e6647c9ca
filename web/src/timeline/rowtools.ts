/** In the corner above the tracks' names: which rows are shown, and in which order. */
import type { Order } from '../trace/tree';
import type { Px } from './layout';

export interface RowActions {
  filter(words: string): void;
  order(order: Order): void;
  alive(on: boolean): void;
  /** Back to the rows. */
  leave(): void;
}

const ORDERS: readonly (readonly [Order, string])[] = [
  ['created', 'by creation'],
  ['first', 'by first run'],
  ['time', 'by time run'],
];

/** Fewer tasks are seen at a glance: the tools come when they are asked for. */
const FEW = 7;

/** Whether a key is the field's or the list's own: it types there or moves, and means nothing else. Others are the page's. */
function isForField({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !(ctrlKey || metaKey || altKey || /^F\d/.test(key));
}

export class RowTools {
  readonly element = document.createElement('div');
  private readonly field = document.createElement('input');
  private readonly orders = document.createElement('select');
  private readonly living = document.createElement('button');
  private readonly found = document.createElement('span');
  /** Stands in the rows' place where the filter leaves none. */
  readonly nothing = document.createElement('div');
  private readonly sought = document.createElement('p');
  private asked = false;

  constructor(actions: RowActions) {
    this.element.className = 'ls-rowtools';
    this.element.hidden = true;
    const { field, orders, living, found } = this;
    const clear = (): void => {
      field.value = '';
      actions.filter('');
    };
    field.type = 'search';
    field.placeholder = 'Filter  /';
    field.setAttribute('aria-label', 'Filter tasks');
    field.title = 'By name, state, what they wait for, or line 12';
    field.spellcheck = false;
    field.addEventListener('input', () => actions.filter(field.value.trim()));
    field.addEventListener('keydown', (e) => {
      if (!isForField(e)) return;
      e.stopPropagation();
      if (e.key === 'Escape' && field.value) clear();
      else if (e.key === 'Escape' || e.key === 'Enter' || e.key === 'ArrowDown') {
        e.preventDefault();
        actions.leave();
      }
    });
    orders.setAttribute('aria-label', 'Order of tasks');
    for (const [value, words] of ORDERS) orders.append(new Option(words, value));
    orders.addEventListener('keydown', (e) => isForField(e) && e.stopPropagation());
    orders.addEventListener('change', () => actions.order(orders.value as Order));
    living.type = 'button';
    living.textContent = 'In view';
    living.title = 'Only tasks that live within the window';
    living.addEventListener('click', () => actions.alive(living.getAttribute('aria-pressed') !== 'true'));
    found.className = 'ls-hidden';
    found.setAttribute('aria-live', 'polite');
    this.element.append(field, orders, living, found);
    // They don't go away under the hand that uses them.
    for (const use of ['focusin', 'click', 'change'])
      this.element.addEventListener(use, () => {
        this.asked = true;
      });
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Clear the filter';
    button.addEventListener('click', () => {
      clear();
      actions.leave();
    });
    this.nothing.className = 'ls-nothing';
    this.nothing.hidden = true;
    this.nothing.append(this.sought, button);
  }

  /**
   * They are there for so many tasks, or are not; `soon`: more may come at any moment, they don't go yet. 'changed': the room
   * for the picture, too.
   */
  appear(tasks: number, soon: boolean): 'changed' | 'lingers' | 'same' {
    const hidden = !(tasks > FEW || this.asked || this.field.value);
    if (hidden === this.element.hidden) return 'same';
    if (hidden && soon) return 'lingers';
    this.element.hidden = hidden;
    return 'changed';
  }

  /** `shown` of `tasks` have a row; `alive`: those outside of the window have none. */
  update(width: Px, shown: number, tasks: number, alive: boolean): void {
    const wide = `${width}px`;
    if (this.element.style.width !== wide) this.element.style.width = wide;
    const pressed = String(alive);
    if (this.living.getAttribute('aria-pressed') !== pressed)
      this.living.setAttribute('aria-pressed', pressed);
    const words = this.field.value ? `${shown} of ${tasks} tasks` : '';
    if (this.found.textContent !== words) this.found.textContent = words;
  }

  /** `none`: no task has a row. Where a filter is the reason, it is said, below `top`. */
  tellNothing(none: boolean, top: Px): void {
    const { nothing, field, sought } = this;
    nothing.hidden = !(none && field.value.trim());
    if (nothing.hidden) return;
    const words = `No task matches “${field.value.trim()}”.`;
    if (sought.textContent !== words) sought.textContent = words;
    nothing.style.top = `${top}px`;
  }

  /** A new trace: no filter. Who is at the tools has asked for them. */
  reset(): void {
    this.field.value = '';
    this.orders.value = 'created';
    this.asked = this.element.contains(document.activeElement);
  }

  focus(): void {
    this.asked = true;
    this.element.hidden = false;
    this.field.focus();
    this.field.select();
  }
}
