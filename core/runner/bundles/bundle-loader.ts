import type { ContentHash } from "../../contract/content-hash.ts";
import { MIB } from "../../contract/limits.ts";
import type { GuestProgram } from "../guest/program.ts";
import type { PreparedName } from "../prepared/prepared-name.ts";
import { BundleLoadError } from "./errors.ts";
import type { Preparation, UiFiles } from "./preparation.ts";
import type { Verdicts } from "./verdicts.ts";
import { WeightedCache } from "./weighted-cache.ts";

/** Of rewritten core modules and glue; what the engine compiles of them is a few times that. */
const MAX_PROGRAM_CACHE_BYTES = 256 * MIB;
const MAX_UI_CACHE_BYTES = 64 * MIB;

export interface LoadedProgram {
  /** Names the program for the workers that have been given it. */
  readonly key: string;
  readonly program: GuestProgram;
}

/** Makes the prepared form where the runner can read it. */
export interface Preparer {
  /** @throws BundleLoadError. */
  prepare(name: PreparedName): Promise<void>;
}

/** What is held in memory, ready to be run. */
export interface CacheState {
  readonly programs: number;
  readonly program_bytes: number;
}

export interface BundleLoader {
  state(): CacheState;
  /** @throws BundleLoadError. */
  program(contentHash: ContentHash, tenantId: string): Promise<LoadedProgram>;
  /**
   * The UI for whoever of the tenants may use the bundle.
   * @throws BundleLoadError, the first tenant's, when none may.
   */
  ui(contentHash: ContentHash, tenantIds: readonly string[]): Promise<UiFiles>;
  /** The bytes of a file that `ui` named. @throws BundleLoadError. */
  uiFile(contentHash: ContentHash, ui: UiFiles, path: string): Promise<Uint8Array | undefined>;
}

/** Bundles in the forms in which they are used, each made once. No use of a bundle passes by its verdict. */
export function createBundleLoader(options: {
  verdicts: Verdicts;
  preparation: Pick<Preparation, "program" | "ui" | "uiFile">;
  preparer: Preparer;
  maxMemoryMb(): number;
}): BundleLoader {
  const { verdicts, preparation, preparer } = options;
  const programs = new WeightedCache<GuestProgram | undefined>(
    MAX_PROGRAM_CACHE_BYTES,
    (program) => program?.bytes ?? 0,
  );
  const uis = new WeightedCache<UiFiles>(MAX_UI_CACHE_BYTES, ({ files }) =>
    [...files].reduce((bytes, [path, file]) => bytes + path.length + (file?.byteLength ?? 0), 0),
  );
  const uiFiles = new WeightedCache<Uint8Array | undefined>(
    MAX_UI_CACHE_BYTES,
    (file) => file?.byteLength ?? 0,
  );

  async function load(name: PreparedName): Promise<GuestProgram | undefined> {
    let answer = await preparation.program(name);
    if (answer.kind === "unprepared") {
      await preparer.prepare(name);
      answer = await preparation.program(name);
    }
    if (answer.kind === "unprepared")
      throw new BundleLoadError("internal", "what was prepared of the bundle cannot be read");
    return answer.kind === "program" ? answer.program : undefined;
  }

  return {
    state: () => ({ programs: programs.size, program_bytes: programs.weight }),
    async program(contentHash, tenantId) {
      await verdicts.require(contentHash, tenantId);
      const maxMemoryMb = options.maxMemoryMb();
      const key = `${contentHash}/${maxMemoryMb}`;
      const program = await programs.get(key, () => load({ contentHash, maxMemoryMb }));
      if (program === undefined)
        throw new BundleLoadError("bad_handler", "the extension has no handler: its bundle holds only a UI");
      return { key, program };
    },
    async ui(contentHash, tenantIds) {
      await firstOf(tenantIds, (tenantId) => verdicts.require(contentHash, tenantId));
      return uis.get(contentHash, () => preparation.ui({ contentHash }));
    },
    uiFile(contentHash, ui, path) {
      const held = ui.files.get(path);
      if (held !== undefined || !ui.files.has(path)) return Promise.resolve(held);
      return uiFiles.get(`${contentHash}/${path}`, () => preparation.uiFile({ contentHash, path }));
    },
  };
}

async function firstOf(
  tenantIds: readonly string[],
  attempt: (tenantId: string) => Promise<void>,
): Promise<void> {
  let failure: unknown = new BundleLoadError("bundle_unavailable", "no tenant has the bundle installed");
  for (const [index, tenantId] of tenantIds.entries()) {
    try {
      return await attempt(tenantId);
    } catch (error) {
      if (index === 0) failure = error;
    }
  }
  throw failure;
}
