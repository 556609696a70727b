import { WorkbenchError } from "../contract/errors.ts";
import type { BundleReference } from "../contract/rpc/keys.ts";
import type { HostPorts } from "../host/index.ts";
import { activeKeyId } from "../wiring/active-key.ts";
import type { Workbench } from "../workbench.ts";
import { opensslQuestion } from "./openssl-command.ts";
import type { WindowUploads } from "./uploads.ts";

/** The archive that a reference names, and the signature that is stored with it. */
export interface NamedBundle {
  readonly archive: Uint8Array;
  readonly signature: string | undefined;
}

/** Reads what the window names: an upload of its own, or a published bundle. */
export function createBundleReader(workbench: Workbench, uploads: WindowUploads) {
  return async function readNamed(bundle: BundleReference): Promise<NamedBundle> {
    if ("upload_id" in bundle) {
      return { archive: await uploads.read(bundle.upload_id), signature: undefined };
    }
    const archive = await workbench.objects.getArchive(bundle.content_hash);
    return { archive, signature: await workbench.objects.getSignature(bundle.content_hash) };
  };
}

export type ReadNamedBundle = ReturnType<typeof createBundleReader>;

export function createWindowBundles(
  workbench: Workbench,
  uploads: WindowUploads,
  readNamed: ReadNamedBundle,
): HostPorts["keysAndTrust"]["bundles"] {
  return {
    upload: ({ part_b64, ...part }) => uploads.receive({ ...part, bytes: Buffer.from(part_b64, "base64") }),
    async discard({ upload_id }) {
      await uploads.discard(upload_id);
      return {};
    },
    async sign({ bundle, key_id = activeKeyId(workbench) }) {
      if (key_id === undefined) throw noKey();
      const { archive } = await readNamed(bundle);
      const { signature, key, contentHash } = await workbench.sign(archive, key_id);
      return { signature, key_id: key.id, algorithm: key.algorithm, content_hash: contentHash };
    },
    async verify({ bundle, signature: given, at: atText, tenant_id, trust_pem }) {
      const { archive, signature: stored } = await readNamed(bundle);
      const signature = given ?? stored;
      const at = atText === undefined ? workbench.clock.now() : timeOf(atText);
      const report = await workbench.verify({
        archive,
        signature,
        at,
        tenantId: tenant_id,
        trustPem: trust_pem,
      });
      const trustPem = trust_pem ?? workbench.trust.exportPem();
      return { report, at: at.toISOString(), openssl: opensslQuestion({ signature, trustPem, at }) };
    },
  };
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new WorkbenchError({
    code: "bad_time",
    message: "The time is not a time.",
    details: { expected: "ISO 8601, such as 2026-01-31T12:00:00Z" },
  });
}

function noKey(): WorkbenchError {
  return new WorkbenchError({
    code: "key_not_found",
    message: "There is no active signing key.",
    hint: "Generate or import a key, and make it the active one.",
  });
}
