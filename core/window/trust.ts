import type { TrustListEntry } from "../contract/rpc/keys.ts";
import type { HostPorts } from "../host/index.ts";
import { describeCertificates, type TrustEntry } from "../signing/index.ts";
import type { Workbench } from "../workbench.ts";
import { download } from "./keys.ts";

/** The trust list as the window sees it. Every change judges what is published again and tells the runner. */
export function createWindowTrust(workbench: Workbench): HostPorts["keysAndTrust"]["trust"] {
  const { trust, keystore } = workbench;

  const shown = (entries: readonly TrustEntry[]): TrustListEntry[] => {
    const keys = keystore.list();
    return entries.map(({ pem: _pem, ...entry }) => ({
      ...entry,
      key_id:
        keys.find(({ fingerprint_sha256 }) => fingerprint_sha256 === entry.fingerprint_sha256)?.id ?? null,
    }));
  };
  /** The key's own certificate: trusting its issuer as well is another decision. */
  const ownCertificate = (keyId: string): string =>
    describeCertificates(keystore.exportCertificate(keyId))[0]?.pem ?? "";

  return {
    list: () => ({ items: shown(trust.list()), revocations: trust.revocations() }),
    async add({ source, tenants, note }) {
      const added = trust.add({
        pem: "pem" in source ? source.pem : ownCertificate(source.key_id),
        tenants: tenants?.map((tenant) => workbench.tenantId(tenant)) ?? null,
        ...(note ? { note } : {}),
      });
      await workbench.trustChanged();
      return { items: shown(added) };
    },
    async remove({ trust_id }) {
      trust.remove(trust_id);
      await workbench.trustChanged();
      return {};
    },
    async revoke({ by, value, at, reason }) {
      const revocation = trust.revoke({
        ...(by === "serial" ? { serial: value } : { fingerprint: value }),
        ...(at ? { at } : {}),
        ...(reason ? { reason } : {}),
      });
      await workbench.trustChanged();
      return { revocation };
    },
    exportPem: () => download("trust.pem", "application/x-pem-file", trust.exportPem()),
  };
}
