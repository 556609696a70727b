import type { Remedy } from "../contract/policy-explanation.ts";
import type { Denial } from "./decision.ts";
import type { CallFacts } from "./explanation.ts";

/** What to change so that the call is no longer refused by this rule: the line in the manifest, or the command. */
export function remedyOf(denial: Denial, facts: CallFacts): Remedy {
  const name = facts.install?.extension_name ?? "EXTENSION";
  switch (denial.rule) {
    case "authenticate":
      return { text: "Send the tenant's API key as x-api-key, or as a bearer token." };
    case "tenant":
      return { text: "Leave x-tenant-id and x-alga-tenant out, or use a key of the tenant that they name." };
    case "install":
      return denial.source === "install:enabled"
        ? { text: "Enable the install.", command: `workbench enable ${name}` }
        : { text: "Install the extension for this tenant.", command: `workbench install ${name}` };
    case "version":
      return {
        text: "Look at the verification report; sign with a key that is trusted, publish and update.",
        command: `workbench show ${name}`,
      };
    case "endpoint":
      return endpointRemedy(denial, facts);
    case "caller":
      return callerRemedy(denial, facts);
    case "request_headers":
      return { text: "Send headers that are well formed." };
    case "idempotency":
      return { text: "Send another x-idempotency-key, or the same request again." };
    default:
      return limitRemedy(denial, name, facts);
  }
}

function endpointRemedy(denial: Denial, { install, method }: CallFacts): Remedy {
  if (denial.code === "malformed_request") return { text: "Write the path in its one normal form." };
  if (denial.code === "method_not_allowed") return { text: "Use a method that the gateway carries." };
  if (install?.has_handler === false) {
    return { text: "The bundle holds only a page. Give the project a handler, build and publish it." };
  }
  return {
    text: `Add an endpoint for ${method} on this path, then publish and update.`,
    manifest: { path: ["api", "endpoints"] },
  };
}

function callerRemedy(denial: Denial, { method }: CallFacts): Remedy {
  if (denial.source.startsWith("manifest:")) {
    return {
      text: "Give the extension an entry in the client portal's menu, then publish and update.",
      manifest: { path: ["ui", "hooks", "clientPortalMenu", "label"] },
    };
  }
  const role = method === "GET" ? "read" : "write";
  return { text: `Use a persona with the role ${role}, or give it to this one in Settings.` };
}

/** `install:limits.rate_per_minute` is set where it says; a default is overridden for the install. */
function limitRemedy(denial: Denial, name: string, { caller }: CallFacts): Remedy {
  const limit = /\.(\w+)$/.exec(denial.source)?.[1] ?? DEFAULT_LIMIT[denial.rule];
  if (limit === undefined) return { text: "Wait for the time that retry-after names." };
  const isTenants = denial.source.startsWith("tenant:");
  const target = isTenants ? `--tenant ${caller?.tenant.id ?? "TENANT"}` : name;
  const shared = denial.source.includes(":shared.") ? " --shared" : "";
  const profile = /:profile\.(.+)$/.exec(denial.source)?.[1];
  if (profile !== undefined) {
    return {
      text: `Change the profile ${profile}, or set a figure of the install's own.`,
      command: `workbench quota show ${name}`,
    };
  }
  return {
    text:
      denial.outcome === "deny" && denial.retry_after_ms !== undefined
        ? "Wait, or raise the limit."
        : "Raise the limit, or send less.",
    command: `workbench quota set ${target}${shared} ${limit}=…`,
  };
}

/** The limit behind a rule whose figure is the default. */
const DEFAULT_LIMIT: Readonly<Partial<Record<Denial["rule"], string>>> = {
  request_size: "request_body_bytes",
  rate: "rate_per_minute",
  concurrency: "concurrency",
  quota: "egress_bytes_per_minute",
};
