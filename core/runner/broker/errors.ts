import { WorkbenchError } from "../../contract/errors.ts";
import type { HostCallRefusal } from "../../contract/runner-protocol.ts";

/** A host call that the extension gets back as an error of its interface. */
export class HostCallError extends WorkbenchError<HostCallRefusal> {
  constructor(code: HostCallRefusal, message: string) {
    super({ code, message, kind: "refused" });
  }
}
