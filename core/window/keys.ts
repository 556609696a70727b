import { WorkbenchError } from "../contract/errors.ts";
import { type Download, EXPIRY_WARNING_DAYS, type SigningKey } from "../contract/rpc/keys.ts";
import type { Revocation } from "../contract/trust.ts";
import type { HostPorts } from "../host/index.ts";
import { type CertificateDescription, describeCertificates, type KeyRecord } from "../signing/index.ts";
import { activateKey, activeKeyId, developmentKeyId, forgetActiveKey } from "../wiring/active-key.ts";
import type { Workbench } from "../workbench.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The keystore as the window sees it. Passphrases and key files travel inwards; what leaves is public or encrypted. */
export function createWindowKeys(workbench: Workbench): HostPorts["keysAndTrust"]["keys"] {
  const { keystore, trust, registry, settings, clock } = workbench;

  const list = (): SigningKey[] => {
    const facts: Facts = {
      now: clock.now().getTime(),
      activeId: activeKeyId(workbench),
      developmentId: developmentKeyId(settings),
      revocations: trust.revocations(),
      trusted: trust.list(),
    };
    return keystore.list().map((key) => signingKey(key, facts));
  };
  const keyOf = (id: string): SigningKey => {
    const { id: found } = keystore.get(id);
    const key = list().find((candidate) => candidate.id === found);
    if (key === undefined) throw new Error("the key was just there");
    return key;
  };

  return {
    list: () => ({ items: list() }),
    activate({ key_id }) {
      activateKey(workbench, key_id);
      return { key: keyOf(key_id) };
    },
    async generate({ kind, algorithm, subject, days, issuer_key_id }) {
      if (kind === "request") {
        const { key, csr } = await keystore.createRequest({ algorithm, subject });
        return { key: keyOf(key.id), csr };
      }
      if (kind === "issued" && issuer_key_id === undefined) throw issuerMissing();
      const key = await keystore.generate({
        algorithm,
        subject,
        days,
        isCa: kind === "authority",
        ...(kind === "issued" ? { issuerKeyId: issuer_key_id } : {}),
      });
      return { key: keyOf(key.id) };
    },
    async importFile({ file_b64, passphrase, subject }) {
      const bytes = Buffer.from(file_b64, "base64");
      const key = await keystore.importFile({ bytes, passphrase, subject });
      return { key: keyOf(key.id) };
    },
    csr: async ({ key_id, subject }) => ({ csr: await keystore.csr(key_id, subject) }),
    attach: ({ key_id, pem }) => ({ key: keyOf(keystore.attachCertificate(key_id, pem).id) }),
    async exportKey({ key_id, format, passphrase = "" }) {
      if (format === "certificate") {
        return download(`${key_id}.pem`, PEM_TYPE, keystore.exportCertificate(key_id));
      }
      return format === "pkcs8"
        ? download(`${key_id}.key.pem`, PEM_TYPE, await keystore.exportPrivateKey(key_id, passphrase))
        : download(`${key_id}.p12`, "application/x-pkcs12", await keystore.exportPkcs12(key_id, passphrase));
    },
    dependents({ key_id }) {
      const { fingerprint_sha256 } = keystore.get(key_id);
      return {
        signed: registry.listExtensions().flatMap(({ registry_id, name, versions }) =>
          versions
            .filter(({ signer }) => signer !== undefined && signer.fingerprint_sha256 === fingerprint_sha256)
            .map(({ version, content_hash, installs }) => ({
              registry_id,
              name,
              version,
              content_hash,
              installs,
            })),
        ),
        trust: trust
          .list()
          .filter((entry) => entry.fingerprint_sha256 === fingerprint_sha256)
          .map(({ id, subject }) => ({ id, subject })),
        issued: keystore
          .list()
          .filter((key) => key.issuer_key_id === key_id)
          .map(({ id, subject }) => ({ id, subject })),
        is_active: activeKeyId(workbench) === key_id,
        is_development: developmentKeyId(settings) === key_id,
      };
    },
    remove({ key_id }) {
      keystore.delete(key_id);
      forgetActiveKey(workbench, key_id);
      return { key_id };
    },
    inspect(input) {
      if ("pem" in input) return { items: describeCertificates(input.pem) };
      if ("key_id" in input) {
        return { items: describeCertificates(keystore.get(input.key_id).certificate_chain_pem) };
      }
      const entry = trust.list().find(({ id }) => id === input.trust_id);
      return { items: describeCertificates(entry?.pem ?? "") };
    },
  };
}

interface Facts {
  readonly now: number;
  readonly activeId: string | undefined;
  readonly developmentId: string | undefined;
  readonly revocations: readonly Revocation[];
  readonly trusted: readonly { readonly id: string; readonly fingerprint_sha256: string }[];
}

function signingKey(key: KeyRecord, facts: Facts): SigningKey {
  const [certificate] = describeCertificates(key.certificate_chain_pem);
  return {
    id: key.id,
    algorithm: key.algorithm,
    subject: key.subject,
    issuer: certificate?.issuer ?? null,
    fingerprint_sha256: key.fingerprint_sha256,
    not_before: certificate?.not_before ?? null,
    not_after: certificate?.not_after ?? null,
    kind: key.is_ca ? "authority" : key.has_certificate ? "signing" : "awaits_certificate",
    usages: certificate?.usages ?? [],
    validity: validityOf(certificate, facts.now),
    issuer_key_id: key.issuer_key_id,
    is_active: key.id === facts.activeId,
    is_development: key.id === facts.developmentId,
    revoked: facts.revocations.find((revocation) => names(revocation, certificate)) ?? null,
    trust_ids: facts.trusted
      .filter(({ fingerprint_sha256 }) => fingerprint_sha256 === key.fingerprint_sha256)
      .map(({ id }) => id),
    created_at: key.created_at,
  };
}

function validityOf(certificate: CertificateDescription | undefined, now: number): SigningKey["validity"] {
  if (certificate === undefined) return "none";
  const end = Date.parse(certificate.not_after);
  if (end <= now) return "expired";
  if (Date.parse(certificate.not_before) > now) return "not_yet_valid";
  return end - now <= EXPIRY_WARNING_DAYS * DAY_MS ? "expires_soon" : "valid";
}

function names({ by, value }: Revocation, certificate: CertificateDescription | undefined): boolean {
  if (certificate === undefined) return false;
  return by === "serial"
    ? certificate.serial === value
    : [certificate.fingerprint_sha256, certificate.key_fingerprint_sha256].includes(value);
}

const PEM_TYPE = "application/x-pem-file";

export function download(name: string, type: string, content: string | Uint8Array): Download {
  return { file_name: name, media_type: type, content_b64: Buffer.from(content).toString("base64") };
}

function issuerMissing(): WorkbenchError {
  return new WorkbenchError({
    code: "not_an_authority",
    message: "No local authority is named that would issue the certificate.",
    hint: "Choose one, or make one first.",
  });
}
