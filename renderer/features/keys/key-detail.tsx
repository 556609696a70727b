import { Button, Tabs } from "@mantine/core";
import type { SigningKey } from "../../../core/contract/rpc/keys.ts";
import { commandLine } from "../../state/command-line.ts";
import { csrCommand } from "../../state/keys/command-lines.ts";
import { expiryOf, formatDate } from "../../state/keys/expiry.ts";
import { Command } from "../../ui/command.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import { AttachForm } from "./attach-form.tsx";
import { CertificateView } from "./certificate-view.tsx";
import { DeleteForm } from "./delete-form.tsx";
import { ExportForm } from "./export-form.tsx";
import { ALGORITHM_WORDS, KeyTags } from "./key-table.tsx";
import { useKeys } from "./keys-context.ts";
import { saveText } from "./save-file.ts";
import { scopeWords } from "./trust-table.tsx";
import { useAction } from "./use-action.ts";

/** One key: what it is, and everything that can be done with it. Mount it anew for another one. */
export function KeyDetail({ signingKey: key }: { readonly signingKey: SigningKey }) {
  const hasCertificate = key.kind !== "awaits_certificate";
  return (
    <Tabs defaultValue="overview" keepMounted={false}>
      <Tabs.List aria-label={`About ${key.id}`}>
        <Tabs.Tab value="overview">Overview</Tabs.Tab>
        {hasCertificate && <Tabs.Tab value="certificate">Certificate</Tabs.Tab>}
        <Tabs.Tab value="renew">{hasCertificate ? "Renew" : "Attach"}</Tabs.Tab>
        <Tabs.Tab value="export">Export</Tabs.Tab>
        <Tabs.Tab value="delete">Delete</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="overview" className="side-part">
        <Overview signingKey={key} />
      </Tabs.Panel>
      <Tabs.Panel value="certificate" className="side-part">
        <CertificateView of={{ key_id: key.id }} />
      </Tabs.Panel>
      <Tabs.Panel value="renew" className="side-part">
        <RequestPart keyId={key.id} />
        <AttachForm keyId={key.id} />
      </Tabs.Panel>
      <Tabs.Panel value="export" className="side-part">
        <ExportForm signingKey={key} />
      </Tabs.Panel>
      <Tabs.Panel value="delete" className="side-part">
        <DeleteForm signingKey={key} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Overview({ signingKey: key }: { readonly signingKey: SigningKey }) {
  const { client, state, context } = useKeys();
  const host = useStore(context.state.host).data;
  const trust = useStore(state.trust).data;
  const entries = trust?.items.filter(({ id }) => key.trust_ids.includes(id)) ?? [];
  const [activation, activate] = useAction((_: undefined, signal) =>
    client.call("keys.activate", { key_id: key.id }, signal),
  );
  const canSign = key.kind === "signing" && key.validity !== "expired" && key.revoked === null;
  const makeActive = async (): Promise<void> => {
    if ((await activate.run(undefined)) !== undefined) await state.refresh();
  };
  return (
    <>
      <span className="tags">
        <KeyTags signingKey={key} />
      </span>
      <Facts>
        <Fact name="subject">{key.subject || "none"}</Fact>
        <Fact name="issuer">{key.issuer === key.subject ? "self-signed" : (key.issuer ?? "–")}</Fact>
        <Fact name="algorithm">{ALGORITHM_WORDS[key.algorithm]}</Fact>
        <Fact name="valid">
          {key.not_before && key.not_after
            ? `${formatDate(key.not_before)} – ${formatDate(key.not_after)} (${expiryOf(key, Date.now()).words})`
            : "no certificate yet"}
        </Fact>
        <Fact name="usage">{key.usages.join(" · ") || "–"}</Fact>
        <Fact name="scope of trust">
          {entries.length === 0
            ? "not trusted here by itself"
            : entries.map(({ tenants }) => scopeWords(tenants, host?.tenants)).join("; ")}
        </Fact>
        <Fact name="made">{formatDate(key.created_at)}</Fact>
        {key.revoked && (
          <Fact name="revoked">
            since {formatDate(key.revoked.revoked_at)}
            {key.revoked.reason && `: ${key.revoked.reason}`}
          </Fact>
        )}
      </Facts>
      {key.validity === "expires_soon" && (
        <p className="soon">
          ! The certificate ends soon. Renew it, or generate a key that takes its place and make that the
          active one.
        </p>
      )}
      {activation.failure && <FailureNotice failure={activation.failure} />}
      <div className="form-actions">
        {canSign && !key.is_active && (
          <Button loading={activation.running} onClick={() => void makeActive()}>
            Make active
          </Button>
        )}
        {key.kind !== "awaits_certificate" && (
          <Button variant="default" onClick={() => state.side.set({ kind: "trust-add", keyId: key.id })}>
            Trust this certificate…
          </Button>
        )}
        {key.fingerprint_sha256 && !key.revoked && (
          <Button
            variant="default"
            onClick={() =>
              state.side.set({ kind: "revoke", by: "fingerprint", value: key.fingerprint_sha256 ?? "" })
            }
          >
            Revoke…
          </Button>
        )}
      </div>
      {canSign && !key.is_active && (
        <Command
          text={commandLine(["workbench", "keys", "activate", key.id])}
          what="the command that makes it active"
        />
      )}
    </>
  );
}

function RequestPart({ keyId }: { readonly keyId: string }) {
  const { client } = useKeys();
  const [making, make] = useAction((_: undefined, signal) =>
    client.call("keys.csr", { key_id: keyId }, signal),
  );
  const submit = async (): Promise<void> => {
    const made = await make.run(undefined);
    if (made) saveText(`${keyId}.csr`, made.csr);
  };
  return (
    <section className="side-section" aria-label="Certificate request">
      <h3>Certificate request</h3>
      <p className="dim">Have this signed by an authority, and attach what it issues.</p>
      {making.failure && <FailureNotice failure={making.failure} />}
      <div className="form-actions">
        <Button variant="default" loading={making.running} onClick={() => void submit()}>
          Download request (CSR)
        </Button>
      </div>
      <Command text={csrCommand(keyId)} what="the command that does the same" />
    </section>
  );
}
