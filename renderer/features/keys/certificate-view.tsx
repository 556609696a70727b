import { Accordion } from "@mantine/core";
import { useEffect, useState } from "react";
import type { CertificateDescription } from "../../../core/contract/rpc/keys.ts";
import type { RpcInput } from "../../../core/contract/rpc.ts";
import { colonHex, formatDate } from "../../state/keys/expiry.ts";
import { createResource } from "../../state/resource.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import { useKeys } from "./keys-context.ts";

/** Everything that a certificate and its chain say. Mount it anew for another one. */
export function CertificateView({ of }: { readonly of: RpcInput<"certificates.inspect"> }) {
  const { client } = useKeys();
  const [certificates] = useState(() =>
    createResource(async (signal) => (await client.call("certificates.inspect", of, signal)).items),
  );
  const { data, failure } = useStore(certificates);
  useEffect(() => void certificates.reload(), [certificates]);
  if (failure) return <FailureNotice failure={failure} />;
  if (data === undefined) return <Notice title="Reading the certificate…" />;
  const [first] = data;
  if (first === undefined) return <Notice title="There is no certificate." />;
  if (data.length === 1) return <CertificateFacts certificate={first} />;
  return (
    <Accordion multiple defaultValue={[first.fingerprint_sha256]} variant="contained" chevronPosition="left">
      {data.map((certificate, index) => (
        <Accordion.Item key={certificate.fingerprint_sha256} value={certificate.fingerprint_sha256}>
          <Accordion.Control>
            {index === 0 ? "Own" : certificate.self_signed ? "Root" : "Issuer"} · {certificate.subject}
          </Accordion.Control>
          <Accordion.Panel>
            <CertificateFacts certificate={certificate} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function CertificateFacts({ certificate }: { readonly certificate: CertificateDescription }) {
  return (
    <Facts>
      <Fact name="subject">{certificate.subject}</Fact>
      <Fact name="issuer">{certificate.self_signed ? "self-signed" : certificate.issuer}</Fact>
      <Fact name="serial">
        <span className="mono">{colonHex(certificate.serial)}</span>
      </Fact>
      <Fact name="valid">
        {formatDate(certificate.not_before)} – {formatDate(certificate.not_after)}
      </Fact>
      <Fact name="key">{certificate.algorithm}</Fact>
      <Fact name="signed with">{certificate.signature_algorithm}</Fact>
      <Fact name="usage">{certificate.usages.join(" · ") || "not limited"}</Fact>
      <Fact name="SHA-256">
        <span className="mono">{colonHex(certificate.fingerprint_sha256)}</span>
        <CopyButton text={certificate.fingerprint_sha256} what="the SHA-256 fingerprint" />
      </Fact>
      <Fact name="SHA-1">
        <span className="mono">{colonHex(certificate.fingerprint_sha1)}</span>
      </Fact>
      <Fact name="key SHA-256">
        <span className="mono">{colonHex(certificate.key_fingerprint_sha256)}</span>
      </Fact>
      {certificate.extensions.map(({ oid, name, critical, value }) => (
        <Fact key={oid} name={name}>
          <span title={oid}>{value}</span> {critical && <Tag tone="plain">critical</Tag>}
        </Fact>
      ))}
      <Fact name="PEM">
        <CopyButton text={certificate.pem} what="the certificate as PEM" />
      </Fact>
    </Facts>
  );
}
