import type { Workbench } from "../workbench.ts";
import type { DevelopmentKey } from "./development-key.ts";

/** The keys that a host signs with by itself. */
export interface HostKeys {
  readonly developmentKey: DevelopmentKey;
  readonly signUploadsWith: string | undefined;
}

/** What the user must not miss, at the start of `serve` and in the window. */
export function warningsOf(
  workbench: Workbench,
  { developmentKey, signUploadsWith }: HostKeys,
): { code: string; message: string; hint?: string }[] {
  const unsigned = workbench.tenants.list().filter((tenant) => tenant.unsigned_policy === "allow");
  const trouble = workbench.runner.trouble();
  const isKnown = workbench.keystore.list().some((key) => key.id === developmentKey.id);
  return [
    ...(trouble === undefined ? [] : [{ code: "runner_unavailable", ...trouble }]),
    ...(isKnown
      ? [
          {
            code: "development_key_trusted",
            message: `The development key ${developmentKey.id} of this machine is trusted for the development tenant, and for no other.`,
            hint: "Remove it with `workbench trust list` and `workbench trust remove` when you sign with keys of your own.",
          },
        ]
      : []),
    ...(signUploadsWith === undefined
      ? []
      : [
          {
            code: "uploads_signed",
            message: `Uploads without a signature are signed with the key ${signUploadsWith}: whoever has a tenant's API key publishes in its name.`,
            hint: "Start without --sign-uploads when you are done.",
          },
        ]),
    ...unsigned.map((tenant) => ({
      code: "unsigned_allowed",
      message: `The tenant ${tenant.name} accepts unsigned bundles.`,
      hint: "Set its policy back to refuse before you rely on any signature.",
    })),
  ];
}
