import { Button, NativeSelect, Progress, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { type BundleDesk, bundleName, type Verification } from "../../state/keys/bundle-desk.ts";
import { signCommand, verifyCommand } from "../../state/keys/command-lines.ts";
import { Button as QuietButton } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { formatBytes, shortHash } from "../../ui/format.ts";
import { FailureNotice } from "../../ui/notice.tsx";
import { Prose } from "../../ui/prose.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import { DropZone } from "./drop-zone.tsx";
import { useKeys } from "./keys-context.ts";
import { saveFile, saveText } from "./save-file.ts";
import { ReportTable, VerdictTag } from "./verification-report.tsx";

/** Sign and verify: one bundle with its signature, and the whole report on it. */
export function BundlePane({ desk }: { readonly desk: BundleDesk }) {
  const heading = useId();
  const { bundle } = useStore(desk);
  const { result } = useStore(desk.verification);
  return (
    <section className="keys-pane" aria-labelledby={heading}>
      <header className="pane-head">
        <h2 id={heading}>Sign and verify</h2>
        {bundle && <span>{bundleName(bundle)}</span>}
        {result && (
          <>
            <span className="mono" title={result.report.content_hash}>
              {shortHash(result.report.content_hash)}
            </span>
            <VerdictTag report={result.report} />
          </>
        )}
      </header>
      <div className="desk">
        <DeskForm desk={desk} />
        <div className="desk-answer" aria-live="polite">
          <DeskAnswer desk={desk} />
        </div>
      </div>
    </section>
  );
}

function DeskForm({ desk }: { readonly desk: BundleDesk }) {
  const { state, context } = useKeys();
  const { bundle, signature, trust, progress, ignored } = useStore(desk);
  const verifying = useStore(desk.verification);
  const signing = useStore(desk.signing);
  const { data: keys = [] } = useStore(state.keys);
  const tenants = useStore(context.state.host).data?.tenants ?? [];
  const [tenantId, setTenantId] = useState("");
  const [day, setDay] = useState("");
  const [chosenKey, setKey] = useState("");
  const usable = keys.filter(
    ({ kind, validity, revoked }) => kind === "signing" && validity !== "expired" && revoked === null,
  );
  const keyId =
    usable.find(({ id }) => id === chosenKey)?.id ?? usable.find(({ is_active }) => is_active)?.id;
  const isBusy = verifying.running || signing.running;
  const fileName = bundleName(bundle);
  const options = {
    ...(tenantId === "" ? {} : { tenantId }),
    ...(day === "" ? {} : { at: `${day}T12:00:00Z` }),
  };
  const sign = async (): Promise<void> => {
    if (keyId === undefined) return;
    const signed = await desk.signing.run({ keyId });
    if (signed) saveText(`${fileName}.SIGNATURE`, signed.signature);
  };
  return (
    <div className="desk-form">
      <DropZone
        label={bundle ? fileName : "Drop a bundle with its .SIGNATURE, or choose them"}
        multiple
        onFiles={(files) => void desk.drop(files)}
      >
        {bundle?.kind === "file"
          ? formatBytes(bundle.file.size)
          : bundle
            ? "from the registry, with its stored signature"
            : "Also a .pem to judge by those anchors alone"}
      </DropZone>
      <PublishedChoice desk={desk} />
      {ignored.length > 0 && <p className="dim">Not used: {ignored.join(", ")}.</p>}
      <div className="tags">
        {signature && <Chosen label={`signature ${signature.name}`} onRemove={desk.removeSignature} />}
        {trust && <Chosen label={`trust ${trust.name}`} onRemove={desk.removeTrust} />}
      </div>
      <div className="form-actions">
        <Button
          disabled={bundle === undefined || isBusy}
          loading={verifying.running}
          onClick={() => void desk.verification.run(options)}
        >
          Verify
        </Button>
        <Button
          variant="default"
          disabled={bundle === undefined || keyId === undefined || isBusy}
          loading={signing.running}
          onClick={() => void sign()}
        >
          Sign and download SIGNATURE
        </Button>
        {isBusy && (
          <Button
            variant="default"
            onClick={() => {
              desk.verification.cancel();
              desk.signing.cancel();
            }}
          >
            Cancel
          </Button>
        )}
      </div>
      {progress !== undefined && (
        <Progress value={progress * 100} aria-label="Sending the bundle to the host" />
      )}
      <div className="form-row">
        <NativeSelect
          label="Judge for"
          data={[
            { value: "", label: "any tenant" },
            ...tenants.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={tenantId}
          onChange={({ currentTarget }) => setTenantId(currentTarget.value)}
        />
        <TextInput
          label="At (empty: now)"
          type="date"
          value={day}
          onChange={({ currentTarget }) => setDay(currentTarget.value)}
        />
      </div>
      <NativeSelect
        label="Sign with"
        data={usable.map(({ id, is_active }) => ({ value: id, label: is_active ? `${id} (active)` : id }))}
        value={keyId ?? ""}
        onChange={({ currentTarget }) => setKey(currentTarget.value)}
      />
      <Command
        text={verifyCommand({
          fileName,
          signatureName: signature?.name,
          trustName: trust?.name,
          tenantId: options.tenantId,
          at: options.at,
        })}
        what="the command that verifies"
      />
      {keyId && <Command text={signCommand(fileName, keyId)} what="the command that signs" />}
    </div>
  );
}

function PublishedChoice({ desk }: { readonly desk: BundleDesk }) {
  const { context } = useKeys();
  const { bundle } = useStore(desk);
  const installs = useStore(context.state.extensions).data ?? [];
  const versions = [...new Map(installs.map((install) => [install.content_hash, install])).values()];
  if (versions.length === 0) return null;
  return (
    <NativeSelect
      label="Or an installed one"
      data={[
        { value: "", label: "–" },
        ...versions.map(({ content_hash, extension_name, version }) => ({
          value: content_hash,
          label: `${extension_name} ${version}`,
        })),
      ]}
      value={bundle?.kind === "published" ? bundle.contentHash : ""}
      onChange={({ currentTarget }) => {
        const chosen = versions.find(({ content_hash }) => content_hash === currentTarget.value);
        if (chosen) desk.choosePublished(chosen.content_hash, `${chosen.extension_name}-${chosen.version}`);
      }}
    />
  );
}

function Chosen({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  return (
    <span className="chosen">
      <Tag tone="plain">{label}</Tag>
      <QuietButton look="quiet" onClick={onRemove} aria-label={`Take away: ${label}`}>
        ✕
      </QuietButton>
    </span>
  );
}

function DeskAnswer({ desk }: { readonly desk: BundleDesk }) {
  const { bundle } = useStore(desk);
  const verifying = useStore(desk.verification);
  const signing = useStore(desk.signing);
  const failure = verifying.failure ?? signing.failure;
  if (failure) return <FailureNotice failure={failure} />;
  if (verifying.result) return <Answer verification={verifying.result} />;
  if (signing.result) {
    return (
      <p className="desk-note">
        ✓ Signed with {signing.result.key_id}. The signature lies beside the bundle now: verify it to see what
        others will see.
      </p>
    );
  }
  return (
    <p className="desk-note dim">
      {bundle
        ? "Verify shows every check with what was expected and what was found."
        : "Choose a bundle to see every check of its signature, and the command that asks OpenSSL the same."}
    </p>
  );
}

function Answer({ verification }: { readonly verification: Verification }) {
  const { report, openssl } = verification;
  return (
    <>
      <ReportTable report={report} />
      <div className="desk-openssl">
        {report.signer && (
          <p>
            Signer {report.signer.subject}, <span className="mono">{report.signer.fingerprint_sha256}</span>
          </p>
        )}
        <h3>Ask OpenSSL the same</h3>
        <Command text={openssl.command} what="the OpenSSL command" />
        {openssl.note && (
          <p className="dim">
            <Prose text={openssl.note} />
          </p>
        )}
        <div className="form-actions">
          {openssl.files.map((file) => (
            <Button key={file.file_name} variant="default" onClick={() => saveFile(file)}>
              Download {file.file_name}
            </Button>
          ))}
        </div>
      </div>
    </>
  );
}
