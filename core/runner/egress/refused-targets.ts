import {
  type EgressRule,
  MAX_REFUSED_HOST_CHARACTERS,
  MAX_REFUSED_TARGETS_A_CALL,
  type RefusedEgress,
} from "../../contract/egress-refusal.ts";
import { createSecretText, type SecretText } from "../../platform/secret-text.ts";
import { wantedTarget } from "./egress-policy.ts";

/** What stands for a host that was made of a secret: a list of hosts is shown to more people than secrets are. */
const SECRET_HOST = "(a secret)";

/** Where one execution wanted to go and was not let. */
export interface RefusedTargets {
  note(url: string, rule: EgressRule): void;
  readonly all: readonly RefusedEgress[];
}

/** @param secrets of the execution, by name; may throw when there are none to be had */
export function createRefusedTargets(secrets: () => ReadonlyMap<string, string>): RefusedTargets {
  const targets = new Map<string, { host: string; port: number; rule: EgressRule; count: number }>();
  let known: SecretText | undefined;
  return {
    note(url, rule) {
      known ??= secretText(secrets);
      const { host, port } = wantedTarget(url);
      const shown = holdsSecret(known, url, host) ? SECRET_HOST : host.slice(0, MAX_REFUSED_HOST_CHARACTERS);
      const key = JSON.stringify([shown, port, rule]);
      const target = targets.get(key);
      if (target !== undefined) target.count++;
      else if (targets.size < MAX_REFUSED_TARGETS_A_CALL)
        targets.set(key, { host: shown, port, rule, count: 1 });
    },
    get all() {
      return [...targets.values()];
    },
  };
}

/** Hosts are compared in lower case, and so must be what is looked for in them. */
function secretText(secrets: () => ReadonlyMap<string, string>): SecretText {
  try {
    return createSecretText(
      [...secrets()].flatMap(([name, value]) => [
        [name, value] as const,
        [name, value.toLowerCase()] as const,
      ]),
    );
  } catch {
    return createSecretText([]);
  }
}

/** Looked for in the host, and in what stood there before it was brought into its normal form. */
function holdsSecret(secrets: SecretText, url: string, host: string): boolean {
  if (secrets.isEmpty) return false;
  const [, authority = ""] =
    /^\s*[a-z][a-z0-9+.-]*:[/\\]*([^/\\?#]*)/iu.exec(url.replace(/[\t\n\r]/gu, "")) ?? [];
  return [host, authority].some((text) => secrets.redact(text) !== text);
}
