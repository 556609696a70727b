/**
 * Puts the beginning of a part at the top of the panel that scrolls it. `scrollIntoView` moves everything around the
 * panel too, the frame included, which nobody could move back.
 */
export function scrollWithin(panel: Element, part: Element): void {
  panel.scrollTop += part.getBoundingClientRect().top - panel.getBoundingClientRect().top - panel.clientTop;
}
