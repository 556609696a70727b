import type { ReactNode } from "react";
import "./tag.css";

export type Tone = "ok" | "bad" | "warn" | "accent" | "host" | "plain";

/** A word in a colour. The word says it all; the colour only makes it quicker to find. */
export function Tag({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return <span className={`tag tag-${tone}`}>{children}</span>;
}
