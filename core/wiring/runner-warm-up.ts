import type { ContentHash } from "../contract/content-hash.ts";
import type { Registry } from "../registry/index.ts";

/** Whatever is about to be called is made ready: a publish prepares the bundle, an install also loads it. */
export function withWarmUp(
  registry: Registry,
  warm: (contentHash: ContentHash, tenantId?: string) => void,
): Registry {
  const warmed = <Result extends { content_hash: ContentHash; tenant_id: string }>(
    result: Result,
  ): Result => {
    warm(result.content_hash, result.tenant_id);
    return result;
  };
  return {
    ...registry,
    async publish(request) {
      const published = await registry.publish(request);
      warm(published.content_hash);
      return published;
    },
    install: async (request) => warmed(await registry.install(request)),
    update: async (request) => warmed(await registry.update(request)),
    setEnabled(request) {
      const changed = registry.setEnabled(request);
      return request.enabled ? warmed(changed) : changed;
    },
  };
}
