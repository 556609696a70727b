import type { ContentHash } from "../contract/content-hash.ts";
import { type ExecuteResponse, NO_USAGE } from "../contract/execute.ts";
import { StoreError } from "../store/index.ts";
import type { BundleStore } from "./deployment.ts";

/**
 * Brings the bundle to where the embedded runner reads; when that fails, the answer that the runner would have given
 * if it could look there itself.
 */
export async function bundleMissing(
  store: Pick<BundleStore, "ensure">,
  hash: ContentHash,
): Promise<ExecuteResponse | undefined> {
  try {
    await store.ensure(hash);
    return undefined;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const { code, message } = error;
    return {
      status: 502,
      headers: [],
      error:
        code === "object_corrupt"
          ? { code: "signature_invalid", message, verification_code: "digest_mismatch" }
          : { code: "bundle_unavailable", message },
      usage: NO_USAGE,
    };
  }
}
