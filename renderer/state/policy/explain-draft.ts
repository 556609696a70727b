import { z } from "zod";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import { commandLine } from "../command-line.ts";
import { plainEndpoint } from "../example-call.ts";
import type { TextStorage } from "../text-storage.ts";

const KEY = "workbench.policy.draft";
/** In the place of a persona: a call without credentials. */
export const ANONYMOUS = "anonymous";

const draftSchema = z.object({
  installId: z.string().optional(),
  method: z.string(),
  /** Absent until one is typed: an endpoint of the install that can be called plainly. */
  path: z.string().optional(),
  /** A persona's id, `anonymous`, or nothing for the tenant's first. */
  persona: z.string().optional(),
  bodyBytes: z.string(),
});
/** A call that is asked about, as it is typed. */
export type ExplainDraft = z.infer<typeof draftSchema>;
/** The same with its path settled. */
export type ExplainedCall = ExplainDraft & { readonly path: string };

const EMPTY: ExplainDraft = { method: "GET", bodyBytes: "0" };

/** @param storage keeps what was typed through a reload */
export function readDraft(storage: TextStorage): ExplainDraft {
  try {
    return draftSchema.catch(EMPTY).parse(JSON.parse(storage.getItem(KEY) ?? "null"));
  } catch {
    return EMPTY;
  }
}

export function keepDraft(storage: TextStorage, draft: ExplainDraft): void {
  storage.setItem(KEY, JSON.stringify(draft));
}

export function callOf(draft: ExplainDraft, install: InstalledExtension): ExplainedCall {
  return { ...draft, path: draft.path ?? plainEndpoint(install)?.path ?? "/" };
}

/** What is wrong with the draft, by field; nothing when it can be asked about. */
export function draftProblems({ path, bodyBytes }: ExplainedCall): { path?: string; bodyBytes?: string } {
  return {
    ...(path.startsWith("/") ? {} : { path: "A path starts with a slash." }),
    ...(/^\d{1,12}$/.test(bodyBytes.trim()) ? {} : { bodyBytes: "Bytes, as a whole number." }),
  };
}

/** The command that asks the same. */
export function explainCommand(draft: ExplainedCall, extension: string, tenantId: string): string {
  const { method, path, persona, bodyBytes } = draft;
  return commandLine([
    ...["workbench", "policy", "explain", extension, method, path],
    ...(persona === ANONYMOUS ? ["--anonymous"] : persona === undefined ? [] : ["--persona", persona]),
    ...(Number(bodyBytes) > 0 ? ["--body-bytes", bodyBytes.trim()] : []),
    ...["--tenant", tenantId],
  ]);
}
