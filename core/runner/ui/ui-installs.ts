import { z } from "zod";
import type { HostLink } from "../execution/host-link.ts";

/** A page asks for dozens of files at once; an uninstall takes effect within this time. */
const MAX_AGE_MS = 1_000;
const MAX_ENTRIES = 1_000;

const tenants = z.array(z.string());

export interface UiInstalls {
  /** Tenants that have the hash of the extension installed. Empty as well when the host cannot be asked. */
  tenantsWith(extensionId: string, contentHash: string): Promise<readonly string[]>;
}

export function createUiInstalls(host: HostLink): UiInstalls {
  const known = new Map<string, { readonly until: number; readonly answer: Promise<readonly string[]> }>();
  return {
    tenantsWith(extensionId, contentHash) {
      const key = `${contentHash}/${extensionId}`;
      const entry = known.get(key);
      if (entry !== undefined && performance.now() < entry.until) return entry.answer;
      if (known.size >= MAX_ENTRIES) known.clear();
      const answer = host
        .ask({ method: "ui.resolve", params: { extension_id: extensionId, content_hash: contentHash } })
        .then((reply) => (reply.ok ? tenants.catch([]).parse(reply.value) : []));
      known.set(key, { until: performance.now() + MAX_AGE_MS, answer });
      return answer;
    },
  };
}
