import { type RefObject, useCallback, useLayoutEffect, useState } from "react";

/** Rows above and below what is seen, so that scrolling does not show blank ground. */
const SPARE_ROWS = 12;

export interface RowWindow {
  /** Index of the first row to draw, and of the one after the last. */
  readonly first: number;
  readonly end: number;
  /** To be called when the scroller has been scrolled. */
  onScroll(): void;
}

/**
 * Which of `count` rows of one height are to be drawn. Costs the same for ten rows and for a hundred thousand, however
 * often their number changes; a general virtualiser lays out every row anew whenever it does.
 */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowPx: number,
): RowWindow {
  const [view, setView] = useState({ top: 0, rows: 0 });
  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const top = Math.floor(element.scrollTop / rowPx);
    const rows = Math.ceil(element.clientHeight / rowPx);
    setView((known) => (known.top === top && known.rows === rows ? known : { top, rows }));
  }, [scroller, rowPx]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(onScroll);
    observer.observe(element);
    onScroll();
    return () => observer.disconnect();
  }, [scroller, onScroll]);

  // What is scrolled to may have gone meanwhile: the list can become shorter.
  const top = Math.max(0, Math.min(view.top, count - view.rows));
  return {
    first: Math.max(0, top - SPARE_ROWS),
    end: Math.min(count, top + view.rows + SPARE_ROWS),
    onScroll,
  };
}
