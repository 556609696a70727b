/** What was typed into one file and not saved. */
export interface Draft {
  readonly path: string;
  readonly text: string;
  /** Of the file that the text began from; `null` when it was on no disk. */
  readonly revision: string | null;
}

/** Keeps drafts by project through a crash of the page, the browser or the machine. A failure costs the draft alone. */
export interface DraftStore {
  all(dir: string): Promise<readonly Draft[]>;
  put(dir: string, draft: Draft): Promise<void>;
  remove(dir: string, path: string): Promise<void>;
}
