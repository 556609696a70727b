import { WorkbenchError } from "../../contract/errors.ts";
import type { Check } from "../check.ts";

/** What only shows when the workbench opens: a damaged database, another passphrase, a trust bundle that is none. */
export const workbenchCheck: Check = {
  name: "workbench",
  async run({ open, environment: { home } }) {
    try {
      await open();
      return { status: "pass", detail: `opens ${home}` };
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      return { status: "fail", detail: error.message, ...(error.hint ? { fix: error.hint } : {}) };
    }
  },
};
