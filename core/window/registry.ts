import { inspectBundle, readArchive } from "../bundle/index.ts";
import { normaliseContentHash } from "../contract/content-hash.ts";
import type { Refusal } from "../contract/rpc/registry.ts";
import type { HostPorts } from "../host/index.ts";
import {
  type InstallDetails,
  type InstallRequest,
  type InstallResult,
  RegistryError,
  RegistryRefusal,
} from "../registry/index.ts";
import { listedComponents } from "../wiring/sbom-components.ts";
import type { Workbench } from "../workbench.ts";
import type { ReadNamedBundle } from "./bundles.ts";

/** The registry as the window sees it. A refusal by verification is an answer, so that its whole report travels. */
export function createWindowRegistry(
  workbench: Workbench,
  readNamed: ReadNamedBundle,
): HostPorts["windowRegistry"] {
  const { registry, refusedEgress } = workbench;

  const withHoldings = (install: InstallDetails) => ({
    ...install,
    holdings: registry.holdings({ ref: install.install_id, tenantId: install.tenant_id }),
  });
  const installId = (ref: string, tenantId: string) => registry.getInstall({ ref, tenantId }).install_id;
  const details = (ref: string, tenantId: string) => withHoldings(registry.getInstall({ ref, tenantId }));

  const installed = (change: () => Promise<InstallResult>) =>
    orRefused(async () => {
      const { install_id, tenant_id, warnings } = await change();
      return { outcome: "installed" as const, install: details(install_id, tenant_id), warnings };
    });

  return {
    async inspect({ bundle }) {
      const { archive } = await readNamed(bundle);
      const { sbom, warnings, ...content } = await inspectBundle(archive);
      const listed = sbom ? listedComponents(await fileOf(archive, sbom.path)) : [];
      return {
        ...content,
        ...(sbom ? { sbom: { ...sbom, listed } } : {}),
        warnings: warnings.map(({ code, message, file }) => ({ code, message, ...(file ? { file } : {}) })),
      };
    },
    async publish({ bundle, signature: given, key_id, tenant_id }) {
      const { archive, signature: stored } = await readNamed(bundle);
      const signature =
        key_id === undefined ? (given ?? stored) : (await workbench.sign(archive, key_id)).signature;
      return orRefused(async () => {
        const {
          signed: _signed,
          signature: _kept,
          ...published
        } = await registry.publish({
          archive,
          signature,
          tenantId: workbench.tenantId(tenant_id),
          ...("content_hash" in bundle ? { expectedHash: normaliseContentHash(bundle.content_hash) } : {}),
        });
        return { outcome: "published" as const, ...published };
      });
    },
    deprecate({ ref, version, undo }) {
      registry.deprecate({ ref, version, undo });
      return {};
    },
    async reverify({ version_id }) {
      const [verdict] = await registry.reverify(version_id);
      if (verdict === undefined) {
        throw new RegistryError({ code: "version_not_found", message: "There is no such version." });
      }
      const { status, invalid_code } = verdict;
      return { status, ...(invalid_code ? { invalid_code } : {}) };
    },
    install: (input) => installed(() => registry.install(requestOf(input))),
    update: (input) => installed(() => registry.update(requestOf(input))),
    configure: (input) => withHoldings(registry.configure(requestOf(input))),
    setEnabled: ({ ref, tenant_id, enabled }) =>
      withHoldings(registry.setEnabled({ ref, tenantId: tenant_id, enabled })),
    details: ({ ref, tenant_id }) => details(ref, tenant_id),
    refusedEgress: ({ ref, tenant_id }) => ({ refused: refusedEgress.list(installId(ref, tenant_id)) }),
    forgetRefusedEgress: ({ ref, tenant_id }) => ({
      forgotten: refusedEgress.forget(installId(ref, tenant_id)),
    }),
    uninstall({ ref, tenant_id }) {
      const { install_id, removed } = registry.uninstall({ ref, tenantId: tenant_id });
      return { install_id, removed };
    },
  };
}

function requestOf<Input extends { tenant_id: string }>({
  tenant_id,
  ...rest
}: Input): Omit<Input, "tenant_id"> & Pick<InstallRequest, "tenantId"> {
  return { ...rest, tenantId: tenant_id };
}

async function orRefused<Answer>(
  ask: () => Promise<Answer>,
): Promise<Answer | { outcome: "refused"; refusal: Refusal }> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof RegistryRefusal)) throw error;
    const { code, message, hint, report } = error;
    return { outcome: "refused", refusal: { code, message, report, ...(hint ? { hint } : {}) } };
  }
}

async function fileOf(archive: Uint8Array, path: string): Promise<Uint8Array> {
  const files = await readArchive(archive, (candidate) => candidate === path);
  return files.get(path) ?? new Uint8Array();
}
