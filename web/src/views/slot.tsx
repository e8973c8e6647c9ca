import { useLayoutEffect, useRef } from 'preact/hooks';

/** Puts an element that lives outside of Preact (editor, output, timeline) into its place. */
export function Slot({ element, class: name }: { element: HTMLElement; class?: string }) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    host.current?.append(element);
    return () => element.remove();
  }, [element]);
  return <div class={`slot ${name ?? ''}`} ref={host} />;
}
