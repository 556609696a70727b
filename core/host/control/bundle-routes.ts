import { isDeepStrictEqual } from "node:util";
import type { Context } from "hono";
import {
  type FinalizeResponse,
  finalizeBodySchema,
  type UploadResponse,
  uploadQuerySchema,
} from "../../contract/control-api.ts";
import { MIB } from "../../contract/limits.ts";
import { HostError, malformed } from "../errors.ts";
import { jsonBody, queryOf } from "../input.ts";
import type { HostPorts } from "../ports.ts";
import type { Principal } from "./principal.ts";
import type { StagedUploads } from "./staged-uploads.ts";

/** A manifest at its own cap, escaped as a JSON string, and a signature. */
const MAX_FINALIZE_BYTES = 4 * MIB;

/** `POST /api/ext-bundles/upload-proxy` */
export async function uploadBundle(
  context: Context,
  { tenant }: Principal,
  uploads: StagedUploads,
): Promise<Response> {
  const type = context.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/octet-stream") {
    throw new HostError({
      code: "unsupported_media_type",
      message: "The archive must be sent as application/octet-stream.",
    });
  }
  const { filename, size, declaredHash } = queryOf(context, uploadQuerySchema);
  const key = await uploads.receive(context.req.raw.body, { tenantId: tenant.id, size, hash: declaredHash });
  const answer: UploadResponse = { upload: { key }, filename, size };
  return context.json(answer);
}

/** `POST /api/ext-bundles/finalize` */
export async function finalizeBundle(
  context: Context,
  { tenant }: Principal,
  uploads: StagedUploads,
  ports: Pick<HostPorts, "registry" | "bundles" | "localUploadSigner">,
): Promise<Response> {
  const body = await jsonBody(context, finalizeBodySchema, MAX_FINALIZE_BYTES);
  const declared = { tenantId: tenant.id, size: body.size, hash: body.declaredHash };
  const published = await uploads.finalise(body.key, declared, async (archive) => {
    await requireSameManifest(ports, archive, body.manifestJson);
    const signature = body.signature ?? (await ports.localUploadSigner()?.sign(archive));
    return ports.registry.publish({
      archive,
      signature,
      tenantId: tenant.id,
      expectedHash: body.declaredHash,
    });
  });
  const answer: FinalizeResponse = {
    extension: { id: published.registry_id },
    version: { id: published.version_id },
    contentHash: published.content_hash,
  };
  return context.json(answer);
}

/** The archive's own manifest is the one that counts; a client that says something else is mistaken about its bundle. */
async function requireSameManifest(
  ports: Pick<HostPorts, "bundles">,
  archive: Uint8Array,
  manifestJson: string,
): Promise<void> {
  let claimed: unknown;
  try {
    claimed = JSON.parse(manifestJson);
  } catch {
    throw malformed("manifestJson is not JSON.");
  }
  const text = await ports.bundles.manifestText(archive);
  let actual: unknown;
  try {
    actual = JSON.parse(text);
  } catch {
    // Not JSON inside the archive: publishing says so, with line and column.
    return;
  }
  if (isSame(claimed, actual)) return;
  throw new HostError({
    code: "manifest_mismatch",
    message: "manifestJson says something else than the manifest inside the archive.",
    hint: "Pack the bundle again.",
  });
}

function isSame(claimed: unknown, actual: unknown): boolean {
  try {
    return isDeepStrictEqual(claimed, actual);
  } catch (error) {
    // Nested deeper than the stack: publishing refuses such a manifest by its own limit.
    if (error instanceof RangeError) return true;
    throw error;
  }
}
