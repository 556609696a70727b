import type { BaseWindow, Dialog, MessageBoxOptions } from "electron";
import type { RecoveryQuestions } from "../crash-recovery.ts";

const LEAVE = 0;
const STAY = 1;
const RELOAD = 0;
const WAIT = 1;

/** The questions as the platform's own message boxes, over the window that is in front. */
export function createRecoveryQuestions(
  dialog: Pick<Dialog, "showMessageBox" | "showMessageBoxSync" | "showErrorBox">,
  front: () => BaseWindow | null,
): RecoveryQuestions {
  return {
    leaveUnsaved() {
      const options: MessageBoxOptions = {
        type: "warning",
        message: "Some changes are not saved.",
        detail: "They are kept as drafts and offered when the project is opened again.",
        buttons: ["Leave", "Stay"],
        defaultId: STAY,
        cancelId: STAY,
      };
      const window = front();
      const answer = window ? dialog.showMessageBoxSync(window, options) : dialog.showMessageBoxSync(options);
      return answer === LEAVE;
    },
    async reloadHanging() {
      const { response } = await dialog.showMessageBox({
        type: "warning",
        message: "The window does not answer.",
        detail: "Load it again, or wait. What is running on the host goes on either way.",
        buttons: ["Load again", "Wait"],
        defaultId: WAIT,
        cancelId: WAIT,
      });
      return response === RELOAD;
    },
    reportCrashes: (reason) =>
      dialog.showErrorBox(
        "The window keeps failing",
        `Its process ended several times in a minute (${reason}). Close it and start the workbench again; what is not saved is kept as drafts.`,
      ),
  };
}
