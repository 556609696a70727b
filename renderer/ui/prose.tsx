/** A sentence of the host's, in which `backquotes` mark what can be typed. */
export function Prose({ text }: { readonly text: string }) {
  return text.split("`").map((part, index) =>
    // Parts alternate and are never moved: the place is the identity.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    index % 2 === 1 ? <code key={index}>{part}</code> : part,
  );
}
