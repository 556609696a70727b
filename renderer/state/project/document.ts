import type { ClientFailure } from "../failure.ts";

/** What happened to an open file's place on disk while its text here was being changed. */
export type OutsideChange =
  | { readonly kind: "changed"; readonly text: string; readonly revision: string }
  | { readonly kind: "deleted" };

/** One file that is open: what the disk had, what was typed, and what stands between the two. */
export interface OpenDocument {
  readonly path: string;
  readonly status: "loading" | "ready" | "failed";
  /** As last read or written. */
  readonly saved: string;
  /** Of `saved`; `null` when there is no such file on disk. */
  readonly revision: string | null;
  readonly text: string;
  /** Counts the texts that did not come from the editor, so that it knows when to take one over. */
  readonly version: number;
  readonly saving: boolean;
  /** Why it could not be read, or not be saved. */
  readonly failure?: ClientFailure | undefined;
  readonly outside?: OutsideChange | undefined;
}

export function loadingDocument(path: string): OpenDocument {
  return { path, status: "loading", saved: "", revision: null, text: "", version: 0, saving: false };
}

/** Whether closing it would lose something that was typed. */
export function isDirty(document: OpenDocument): boolean {
  return document.status === "ready" && (document.text !== document.saved || document.revision === null);
}
