import type { Decision } from "../../../core/contract/decision.ts";
import type { Place } from "../navigation.ts";

/** Where a refusal is mended, and what is to be done there. */
export interface Mending {
  readonly words: string;
  /** Absent when it is mended in the request itself. */
  readonly place?: Place;
}

/** Looks only at the rule, the code and the rule's source, which the contract fixes; never at the words. */
export function mendingOf({ rule, code = "", source }: Decision): Mending | undefined {
  if (source.startsWith("manifest:")) {
    const pointer = source.slice("manifest:".length);
    return {
      words: `Change ${pointer} in manifest.json, or call something it allows.`,
      place: { screen: "project", params: { file: "manifest.json", pointer } },
    };
  }
  if (source.includes("limits.")) {
    const what = source.startsWith("tenant:") ? "the tenant's" : "the install's";
    return { words: `Raise ${what} limit.`, place: { screen: "quotas", params: {} } };
  }
  if (source === "persona:roles") return { words: "Choose a persona with that role, under Persona." };
  switch (rule) {
    case "install":
      return { words: "Install or enable the extension.", place: { screen: "registry", params: {} } };
    case "version":
      return { words: "Read the version's verification report.", place: { screen: "registry", params: {} } };
    case "rate":
    case "concurrency":
    case "quota":
      return { words: "Give the install a limit of its own.", place: { screen: "quotas", params: {} } };
    case "request_size":
    case "response_size":
      return { words: "Send or answer less, or raise the limit.", place: { screen: "quotas", params: {} } };
    case "request_headers":
      return { words: "Correct it under Headers." };
    case "idempotency":
      return { words: "Send another x-idempotency-key, or the same request again." };
    case "endpoint":
      return { words: "Correct the method or the path." };
    case "execute":
    case "response_status":
    case "response_headers":
      return mendingOfRun(code);
    default:
      return undefined;
  }
}

function mendingOfRun(code: string): Mending {
  switch (code) {
    case "capability_denied":
      return { words: "Grant the capability to the install.", place: { screen: "registry", params: {} } };
    case "timeout":
    case "fuel_exhausted":
    case "memory_limit":
    case "quota_exceeded":
      return { words: "Do less in one call, or raise the limit.", place: { screen: "quotas", params: {} } };
    case "bad_handler":
    case "response_too_large":
      return { words: "Mend the handler; its log lines say more.", place: { screen: "project", params: {} } };
    case "runner_unavailable":
    case "bundle_unavailable":
    case "internal":
      return { words: "See what the runner says with workbench doctor." };
    default:
      return {
        words: "Look at the keys and what they are trusted for.",
        place: { screen: "keys", params: {} },
      };
  }
}
