import { IconFileExport } from "@tabler/icons-react";
import type { KeptExchange } from "../../../core/contract/execution-exchange.ts";
import { commandLine } from "../../state/command-line.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import type { WindowContext } from "../../window-context.ts";
import { saveText } from "../keys/save-file.ts";
import { useAction } from "../keys/use-action.ts";

export interface SaveReproductionProps {
  readonly client: WindowContext["client"];
  readonly executionId: string;
  readonly kept: KeptExchange | undefined;
}

/** The call as a file for somebody else: without secrets, and with what is missing named. */
export function SaveReproduction({ client, executionId, kept }: SaveReproductionProps) {
  const [{ running, failure, result }, action] = useAction(async (id: string, signal) => {
    const made = await client.call("executions.reproduction", { id, ...(kept ? { kept } : {}) }, signal);
    saveText(made.file_name, made.text);
    return made;
  });
  const omitted = result?.reproduction.omitted ?? [];
  return (
    <section aria-label="Reproduction" className="detail-action">
      <h3>Reproduction</h3>
      <Button disabled={running} onClick={() => void action.run(executionId)}>
        <IconFileExport size={14} aria-hidden />
        Save reproduction
      </Button>
      <div role="status">
        {failure && <FailureNotice failure={failure} />}
        {result && (
          <p>
            ✓ Saved as <code>{result.file_name}</code>.
            {omitted.length > 0 &&
              ` Not in it: ${omitted.map(({ part, reason }) => `${part} (${reason.replace("_", " ")})`).join(", ")}.`}
          </p>
        )}
      </div>
      <Command
        text={commandLine([
          ...["workbench", "executions", "export", executionId],
          ...["--reproduction", "-o", "call.reproduction.json"],
        ])}
        what="the command that saves this reproduction"
      />
    </section>
  );
}
