/** Words with a hyphen in them, as names are: 'worker-3'. Longer ones may break, lest they are wider than a phone. */
const HYPHENED = /(\S*[\p{L}\d]-[\p{L}\d]\S*)/u;
const LONGEST = 24;

/** A sentence in which no short name breaks at its hyphen. */
export function Prose({ text }: { text: string }) {
  if (!text.includes('-')) return <>{text}</>;
  return (
    <>
      {text.split(HYPHENED).map((part, k) =>
        k % 2 && part.length <= LONGEST ? (
          <span key={k} class="whole">
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </>
  );
}
