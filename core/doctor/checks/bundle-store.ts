import { s3LocationOf } from "../../platform/s3-location.ts";
import { createS3ObjectStore, StoreError } from "../../store/index.ts";
import type { Check } from "../check.ts";

/** Whether a shared store answers. A folder shows when the workbench opens. */
export const bundleStoreCheck: Check = {
  name: "bundle_store",
  async run({ environment }) {
    const location = s3LocationOf(environment);
    if (location === undefined) {
      return { status: "pass", detail: environment.BUNDLE_STORE ?? "objects in the data folder" };
    }
    const store = createS3ObjectStore(location);
    try {
      await store.reach();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return { status: "fail", detail: error.message, ...(error.hint ? { fix: error.hint } : {}) };
    } finally {
      store.close();
    }
    const { bucket, prefix, endpoint, region } = location;
    const place = endpoint ?? (region === undefined ? "Amazon S3" : `Amazon S3 in ${region}`);
    return { status: "pass", detail: `s3://${bucket}/${prefix} answers at ${place}` };
  },
};
