import type { ComponentChildren } from 'preact';

interface JumpProps {
  onJump: () => void;
  class?: string;
  children: ComponentChildren;
}

/** Goes somewhere on this page: to a line of the program, to a moment of the run. */
export function Jump({ onJump, class: name = 'link', children }: JumpProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: it leads to a place, but to none that has an address
    <button type="button" role="link" class={name} onClick={onJump}>
      {children}
    </button>
  );
}
