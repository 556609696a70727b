/** A preparation thread that a bundle named so crashes, and that answers for every other. */
import { parentPort } from "node:worker_threads";
import type { PreparationMessage } from "../../../core/runner/bundles/preparation.ts";

parentPort?.on("message", ({ id, request }: PreparationMessage) => {
  if (!("contentHash" in request)) throw new Error("the tests ask about bundles");
  if (request.contentHash.startsWith("sha256:bad")) process.exit(1);
  parentPort?.postMessage({ id, ok: true, value: { files: new Map([[request.contentHash, undefined]]) } });
});
