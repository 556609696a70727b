import { type BundleReader, placeInManifest } from "../bundle/index.ts";
import type { Header } from "../contract/execute.ts";
import type { PolicyExplanation } from "../contract/policy-explanation.ts";
import type { Gateway } from "../gateway/index.ts";
import type { Registry } from "../registry/index.ts";
import type { ObjectStore } from "../store/index.ts";
import type { Tenants } from "../tenants/index.ts";

/** A call as it is asked about. */
export interface ExplainRequest {
  readonly tenantId: string;
  /** Registry id, install id or name. */
  readonly ref: string;
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly headers?: readonly Header[] | undefined;
  readonly bodyBytes?: number | undefined;
  /** Whose call; default: the tenant's default persona. `null`: a call without credentials. */
  readonly personaId?: string | null | undefined;
}

/** The gateway's explanation, with the places in the manifest that a refusal comes from. */
export function createPolicyExplainer(parts: {
  gateway: Pick<Gateway, "explain">;
  registry: Pick<Registry, "resolveInstall">;
  objects: Pick<ObjectStore, "getArchive">;
  bundles: Pick<BundleReader, "manifestText">;
  tenants: Pick<Tenants, "caller">;
}): (request: ExplainRequest) => Promise<PolicyExplanation> {
  const { gateway, registry, objects, bundles, tenants } = parts;
  return async ({ tenantId, ref, method, path, headers, bodyBytes, personaId }) => {
    const explanation = gateway.explain({
      extension: ref,
      method,
      target: path,
      headers,
      bodyBytes,
      caller: personaId === null ? undefined : tenants.caller({ tenantId, personaId }),
    });
    const install = registry.resolveInstall(tenantId, ref);
    const isInManifest = explanation.decisions.some(({ remedy }) => remedy?.manifest !== undefined);
    if (install === undefined || !isInManifest) return explanation;
    // A bundle that is gone or damaged is another screen's matter: the explanation stands without line numbers.
    const text = await objects
      .getArchive(install.content_hash)
      .then(bundles.manifestText)
      .catch(() => undefined);
    return text === undefined ? explanation : located(explanation, text);
  };
}

function located(explanation: PolicyExplanation, text: string): PolicyExplanation {
  return {
    ...explanation,
    decisions: explanation.decisions.map((decision) => {
      const { remedy } = decision;
      if (remedy?.manifest === undefined) return decision;
      const { path } = remedy.manifest;
      return { ...decision, remedy: { ...remedy, manifest: { path, ...placeInManifest(text, path) } } };
    }),
  };
}
