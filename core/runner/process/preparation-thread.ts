/**
 * Entry of the preparation thread: verifies and unpacks bundles, and compiles what the preparer has made of their
 * components. Wires the signing feature into the runner process, and is killed with whatever a hostile bundle does.
 */
import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { MAX_SIGNATURE_BYTES, MIB } from "../../contract/limits.ts";
import { verifyArchive } from "../../signing/verify/index.ts";
import { BundleLoadError } from "../bundles/errors.ts";
import { objectFiles } from "../bundles/object-files.ts";
import type {
  ComponentAnswer,
  Judgement,
  Preparation,
  PreparationData,
  PreparationMessage,
  PreparationReply,
  UiFiles,
} from "../bundles/preparation.ts";
import type { GuestProgram } from "../guest/program.ts";
import { createPreparedStore } from "../prepared/prepared-store.ts";
import { preparationFailure, readBundle, readObject } from "./bundle-contents.ts";

const MANIFEST = "manifest.json";
const UI_FOLDER = "ui/";
/** A UI up to this size is held in memory as a whole; of a larger one each file is read when it is asked for. */
const MAX_HELD_UI_BYTES = 32 * MIB;

const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");
const { objectsDir, prepared } = workerData as PreparationData; // handed over by the preparation worker's owner
const store = createPreparedStore(prepared);

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

  async component(bundle): Promise<ComponentAnswer> {
    const reference = await store.reference(bundle);
    if (reference === undefined) return { kind: "unprepared" };
    const { component } = reference;
    return component === undefined ? { kind: "none" } : { kind: "component", component };
  },

  async program(name): Promise<GuestProgram | undefined> {
    const component = await store.component(name);
    if (component === undefined) return undefined;
    const modules = await Promise.all(
      component.modules.map(async ({ bytes, ...module }) => ({
        ...module,
        // The bytes lie in this thread's own memory, never in a shared one.
        module: await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>),
      })),
    );
    const bytes = component.modules.reduce(
      (sum, module) => sum + module.bytes.byteLength,
      component.source.length,
    );
    return { source: component.source, modules, bytes };
  },

  async ui({ contentHash }): Promise<UiFiles> {
    let bytes = 0;
    const paths: string[] = [];
    const bundle = await readBundle(objectsDir, contentHash, (path, size) => {
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
    return (await readBundle(objectsDir, contentHash, (candidate) => candidate === wanted)).get(wanted);
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
      case "component":
        return { id, ok: true, value: await preparation.component(message.request) };
      case "program":
        return { id, ok: true, value: await preparation.program(message.request) };
      case "ui":
        return { id, ok: true, value: await preparation.ui(message.request) };
      case "uiFile":
        return { id, ok: true, value: await preparation.uiFile(message.request) };
    }
  } catch (error) {
    return { id, ok: false, ...preparationFailure(error) };
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
