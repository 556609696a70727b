import type { WebContents } from "electron";

export type RecoverableContents = Pick<WebContents, "on" | "reload">;

/** Native questions that the page cannot ask, because it hangs, is gone, or is about to be. */
export interface RecoveryQuestions {
  /** Whether to leave although something is not saved. The window waits for the answer. */
  leaveUnsaved(): boolean;
  /** Whether to load a page again that does not answer. */
  reloadHanging(): Promise<boolean>;
  /** The page fails again and again. */
  reportCrashes(reason: string): void;
}

/** Loaded again so often in such a time; a page that crashes on loading would otherwise do so for ever. */
const MAX_RELOADS = 3;
const RELOAD_WINDOW_MS = 60_000;

/**
 * Brings a page back that crashed: what the user typed is in drafts, the host in another process, so that loading
 * the page again loses nothing. A close with unsaved changes asks first.
 */
export function setupCrashRecovery(
  contents: RecoverableContents,
  questions: RecoveryQuestions,
  now: () => number,
): void {
  let reloads: number[] = [];
  contents.on("render-process-gone", (_event, { reason }) => {
    if (reason === "clean-exit" || reason === "killed") return; // somebody meant it
    reloads = reloads.filter((at) => at > now() - RELOAD_WINDOW_MS);
    if (reloads.length >= MAX_RELOADS) {
      questions.reportCrashes(reason);
      return;
    }
    reloads.push(now());
    contents.reload();
  });
  let isAsking = false;
  contents.on("unresponsive", () => {
    if (isAsking) return;
    isAsking = true;
    const answered = (reload: boolean): void => {
      isAsking = false;
      if (reload) contents.reload();
    };
    questions.reloadHanging().then(answered, () => answered(false));
  });
  contents.on("will-prevent-unload", (event) => {
    // Preventing the event overrules the page: the window closes.
    if (questions.leaveUnsaved()) event.preventDefault();
  });
}
