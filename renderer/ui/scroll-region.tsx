import type { ComponentProps } from "react";

/** A part of the page that scrolls by itself: named, and reachable by keyboard, so that it scrolls for everyone. */
export function ScrollRegion(props: ComponentProps<"section"> & { readonly "aria-label": string }) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus to scroll by keyboard
  return <section {...props} tabIndex={0} />;
}
