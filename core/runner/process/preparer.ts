/**
 * Entry of the preparation thread: reads, verifies and unpacks bundles, generates and compiles what runs. Wires
 * the signing and the bundle feature into the runner process, and is killed with whatever a hostile bundle does.
 */
import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { BundleError, walkArchive } from "../../bundle/reader/index.ts";
import type { ContentHash } from "../../contract/content-hash.ts";
import { MAX_SIGNATURE_BYTES, MIB } from "../../contract/limits.ts";
import { contentHashOf } from "../../platform/content-hash.ts";
import { verifyArchive } from "../../signing/verify/index.ts";
import { BundleLoadError } from "../bundles/errors.ts";
import { objectFiles } from "../bundles/object-files.ts";
import type {
  Judgement,
  Preparation,
  PreparationMessage,
  PreparationReply,
  UiFiles,
} from "../bundles/preparation.ts";
import { ComponentError, prepareComponent } from "../component/index.ts";
import type { GuestProgram } from "../guest/program.ts";
import { MAX_TABLE_ELEMENTS } from "../limits.ts";
import { MeteringError } from "../metering/index.ts";

const PAGES_PER_MIB = 16;
const MANIFEST = "manifest.json";
const COMPONENT = "dist/main.wasm";
const UI_FOLDER = "ui/";
/** A UI up to this size is held in memory as a whole; of a larger one each file is read when it is asked for. */
const MAX_HELD_UI_BYTES = 32 * MIB;

const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");
const { objectsDir } = workerData as { objectsDir: string }; // handed over by the preparation worker's owner

const preparation: Preparation = {
  async verify({ contentHash, tenantId, trust, at }): Promise<Judgement> {
    const files = objectFiles(objectsDir, contentHash);
    const report = await verifyArchive({
      archive: await readObject(files.archive),
      signature: await readSignature(files.signature),
      trust,
      at: new Date(at),
      tenantId,
      expectedContentHash: contentHash,
    });
    const notAfter = report.signer === undefined ? Number.NaN : Date.parse(report.signer.not_after);
    return {
      verified: report.verified,
      ...(report.code === undefined ? {} : { code: report.code }),
      ...(Number.isNaN(notAfter) ? {} : { notAfter }),
    };
  },

  async program({ contentHash, maxMemoryMb }): Promise<GuestProgram | undefined> {
    const files = await readBundle(contentHash, (path) => path === COMPONENT);
    const component = files.get(COMPONENT);
    if (component === undefined) return undefined;
    const prepared = await prepareComponent(component, {
      maxMemoryPages: maxMemoryMb * PAGES_PER_MIB,
      maxTableElements: MAX_TABLE_ELEMENTS,
    });
    const modules = await Promise.all(
      prepared.modules.map(async ({ bytes, ...module }) => ({
        ...module,
        // The bytes lie in this thread's own memory, never in a shared one.
        module: await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>),
      })),
    );
    const bytes = prepared.modules.reduce(
      (sum, module) => sum + module.bytes.byteLength,
      prepared.source.length,
    );
    return { source: prepared.source, modules, bytes };
  },

  async ui({ contentHash }): Promise<UiFiles> {
    let bytes = 0;
    const paths: string[] = [];
    const bundle = await readBundle(contentHash, (path, size) => {
      if (path === MANIFEST) return true;
      if (!path.startsWith(UI_FOLDER)) return false;
      paths.push(path);
      bytes += size;
      return bytes <= MAX_HELD_UI_BYTES;
    });
    const held = bytes <= MAX_HELD_UI_BYTES;
    const files = new Map(
      paths.map((path) => [path.slice(UI_FOLDER.length), held ? bundle.get(path) : undefined]),
    );
    const entry = entryOf(bundle.get(MANIFEST));
    return { files, ...(entry === undefined ? {} : { entry }) };
  },

  async uiFile({ contentHash, path }): Promise<Uint8Array | undefined> {
    const wanted = `${UI_FOLDER}${path}`;
    return (await readBundle(contentHash, (candidate) => candidate === wanted)).get(wanted);
  },
};

port.on("message", (message: PreparationMessage) => {
  void perform(message).then((reply) => port.postMessage(reply));
});

async function perform(message: PreparationMessage): Promise<PreparationReply> {
  const { id } = message;
  try {
    switch (message.op) {
      case "verify":
        return { id, ok: true, value: await preparation.verify(message.request) };
      case "program":
        return { id, ok: true, value: await preparation.program(message.request) };
      case "ui":
        return { id, ok: true, value: await preparation.ui(message.request) };
      case "uiFile":
        return { id, ok: true, value: await preparation.uiFile(message.request) };
    }
  } catch (error) {
    return { id, ok: false, ...failureOf(error) };
  }
}

function failureOf(error: unknown): Omit<Extract<PreparationReply, { ok: false }>, "id" | "ok"> {
  if (error instanceof BundleLoadError)
    return {
      code: error.code,
      message: error.message,
      ...(error.verificationCode === undefined ? {} : { verificationCode: error.verificationCode }),
    };
  if (error instanceof ComponentError || error instanceof MeteringError)
    return { code: "bad_handler", message: `the component cannot run: ${error.message}` };
  if (error instanceof BundleError)
    return {
      code: "signature_invalid",
      verificationCode: "archive_invalid",
      message: "the bundle's archive is not sane",
    };
  return { code: "internal", message: "the bundle could not be prepared" };
}

/** The bytes that the hash names, or nothing: the verdict was over the bytes of that hash. */
async function readBundle(contentHash: ContentHash, select: (path: string, size: number) => boolean) {
  const archive = await readObject(objectFiles(objectsDir, contentHash).archive);
  if (contentHashOf(archive) !== contentHash)
    throw new BundleLoadError("signature_invalid", "the bundle's bytes have changed", "digest_mismatch");
  const files = new Map<string, Uint8Array>();
  await walkArchive(archive, async (entry) => {
    if (select(entry.path, entry.size)) files.set(entry.path, await entry.read());
  });
  return files;
}

async function readObject(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch {
    throw new BundleLoadError("bundle_unavailable", "the bundle is not in the store");
  }
}

async function readSignature(path: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new BundleLoadError("bundle_unavailable", "the bundle's signature cannot be read");
  }
  // Longer than any signature is malformed, and the verifier says so without parsing it.
  return bytes.subarray(0, MAX_SIGNATURE_BYTES + 1).toString();
}

const manifestUi = z.object({ ui: z.object({ entry: z.string() }) });

function entryOf(manifest: Uint8Array | undefined): string | undefined {
  try {
    const { entry } = manifestUi.parse(JSON.parse(new TextDecoder().decode(manifest))).ui;
    return entry.replace(/^\.?\//, "").replace(new RegExp(`^${UI_FOLDER}`), "");
  } catch {
    return undefined;
  }
}
