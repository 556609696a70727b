import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import type { BundleContent } from "../../../core/contract/rpc/registry.ts";
import type { ExtensionSummary, RpcOutput } from "../../../core/contract/rpc.ts";
import { callerOf } from "../../state/caller.ts";
import { commandLine } from "../../state/command-line.ts";
import { createResource } from "../../state/resource.ts";
import { Command } from "../../ui/command.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Prose } from "../../ui/prose.tsx";
import { useStore } from "../../ui/use-store.ts";
import { useAction } from "../keys/use-action.ts";
import { ReportTable, VerdictTag } from "../keys/verification-report.tsx";
import { FileTree } from "./file-tree.tsx";
import { useRegistry } from "./registry-context.ts";
import { VersionStatus } from "./version-table.tsx";

export interface BundleViewProps {
  readonly extension: ExtensionSummary;
  readonly version: ExtensionSummary["versions"][number];
}

/** What a published bundle holds and what verification says of it now. Mount it anew for another one. */
export function BundleView({ extension, version }: BundleViewProps) {
  const { context } = useRegistry();
  const reference = { content_hash: version.content_hash } as const;
  const [content] = useState(() =>
    createResource((signal) => context.client.call("bundles.inspect", { bundle: reference }, signal)),
  );
  const [verification] = useState(() =>
    createResource((signal) => {
      // As the tenant that is worked as would judge it: trust may be a tenant's own.
      const host = context.state.host.get().data;
      const tenant = host && callerOf(context.caller.get(), host).tenant.id;
      const input = { bundle: reference, ...(tenant ? { tenant_id: tenant } : {}) };
      return context.client.call("bundles.verify", input, signal);
    }),
  );
  useEffect(() => {
    void content.reload();
    void verification.reload();
  }, [content, verification]);
  const { data, failure } = useStore(content);
  return (
    <div className="registry-part">
      <Facts>
        <Fact name="version">
          {version.version} <VersionStatus version={version} />
        </Fact>
        <Fact name="hash">
          <span className="mono">{version.content_hash}</span>
          <CopyButton text={version.content_hash} what="the content hash" />
        </Fact>
        <Fact name="size">{formatBytes(version.size)} packed</Fact>
        <Fact name="signer">
          {version.signer ? (
            <>
              {version.signer.subject} <span className="mono dim">{version.signer.fingerprint_sha256}</span>
            </>
          ) : (
            "unsigned"
          )}
        </Fact>
      </Facts>
      <VerificationPart extension={extension} version={version} verification={verification} />
      {failure && <FailureNotice failure={failure} />}
      {data === undefined && !failure && <Notice title="Reading the bundle…" />}
      {data && <Content content={data} />}
    </div>
  );
}

function VerificationPart({
  extension,
  version,
  verification,
}: BundleViewProps & {
  readonly verification: ReturnType<typeof createResource<RpcOutput<"bundles.verify">>>;
}) {
  const { context, changed } = useRegistry();
  const { data, failure } = useStore(verification);
  const [judging, judge] = useAction((_: undefined, signal) =>
    context.client.call("registry.reverify", { version_id: version.version_id }, signal),
  );
  const again = async (): Promise<void> => {
    if (await judge.run(undefined)) await Promise.all([changed(), verification.reload()]);
  };
  return (
    <section className="registry-section" aria-label="Verification">
      <h3>Verification {data && <VerdictTag report={data.report} />}</h3>
      {(failure ?? judging.failure) && <FailureNotice failure={failure ?? judging.failure ?? NO_FAILURE} />}
      {data && <ReportTable report={data.report} />}
      {version.status === "invalid" && (
        <p>
          Every call to it is refused with <code>{version.invalid_code}</code>. Once the cause is mended,
          judge it again; what verifies becomes valid at once.
        </p>
      )}
      <div className="form-actions">
        <Button variant="default" loading={judging.running} onClick={() => void again()}>
          Judge again
        </Button>
        <Button
          variant="default"
          onClick={() =>
            context.navigation.go("keys", {
              bundle: version.content_hash,
              name: `${extension.name}-${version.version}`,
            })
          }
        >
          Open in Keys & Trust
        </Button>
      </div>
      <Command
        text={commandLine(["workbench", "reverify", extension.name, "--version", version.version])}
        what="the command that judges it again"
      />
    </section>
  );
}

const NO_FAILURE = { kind: "contract", code: "internal", message: "An unknown failure." } as const;

function Content({ content }: { readonly content: BundleContent }) {
  const { files, component, sbom, warnings } = content;
  const unpacked = files.reduce((sum, { size }) => sum + size, 0);
  return (
    <>
      {warnings.length > 0 && (
        <section className="registry-section" aria-label="Remarks">
          <h3>Remarks</h3>
          <ul className="remarks">
            {warnings.map(({ code, message, file }) => (
              <li key={`${code} ${file} ${message}`}>
                ! {file && <code>{file}</code>} <Prose text={message} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="registry-section" aria-label="Files">
        <h3>
          Files{" "}
          <span className="dim">
            {formatCount(files.length)}, {formatBytes(unpacked)} unpacked
          </span>
        </h3>
        <FileTree files={files} />
      </section>
      {component && (
        <section className="registry-section" aria-label="Component">
          <h3>Component</h3>
          <Facts>
            <Fact name="imports">
              <span className="mono">{component.imports.join("  ") || "nothing"}</span>
            </Fact>
            <Fact name="exports">
              <span className="mono">{component.exports.join("  ") || "nothing"}</span>
            </Fact>
          </Facts>
        </section>
      )}
      <section className="registry-section" aria-label="Bill of materials">
        <h3>Bill of materials</h3>
        {sbom ? (
          <>
            <p>
              <code>{sbom.path}</code>, {sbom.format === "spdx" ? "SPDX" : "CycloneDX"} {sbom.spec_version},{" "}
              {formatCount(sbom.components)} {sbom.components === 1 ? "component" : "components"}
            </p>
            <ul className="sbom">
              {sbom.listed.map(({ name, version }, index) => (
                // A bill may name the same part twice, and the list is never reordered: the place is the identity.
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <li key={index} className="mono">
                  {name} <span className="dim">{version}</span>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <p className="dim">The bundle has none.</p>
        )}
      </section>
    </>
  );
}
