import type { ContentHash } from "../../contract/content-hash.ts";
import { MIB } from "../../contract/limits.ts";
import type { RunnerGauges } from "../../contract/runner-health.ts";
import type { GuestProgram } from "../guest/program.ts";
import type { ComponentHash, PreparedBundleName } from "../prepared/prepared-name.ts";
import { BundleLoadError } from "./errors.ts";
import type { Preparation, UiFiles } from "./preparation.ts";
import type { Verdicts } from "./verdicts.ts";
import { WeightedCache } from "./weighted-cache.ts";

/** Of rewritten core modules and glue; what the engine compiles of them is a few times that. */
const MAX_PROGRAM_CACHE_BYTES = 256 * MIB;
const MAX_UI_CACHE_BYTES = 64 * MIB;
/** Of which is known without asking what they hold; each is two hashes. */
const MAX_KNOWN_BUNDLES = 10_000;

export interface LoadedProgram {
  /** Names the program for the workers that have been given it; bundles with the same component share it. */
  readonly key: string;
  readonly program: GuestProgram;
}

/** Makes the prepared form where the runner can read it. */
export interface Preparer {
  /** @throws BundleLoadError. */
  prepare(name: PreparedBundleName): Promise<void>;
}

/** What is held in memory, ready to be run or sent. */
export type CacheState = RunnerGauges["cache"];

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
  preparation: Pick<Preparation, "component" | "program" | "ui" | "uiFile">;
  preparer: Preparer;
  maxMemoryMb(): number;
}): BundleLoader {
  const { verdicts, preparation, preparer } = options;
  const components = new WeightedCache<ComponentHash | BundleLoadError | undefined>(
    MAX_KNOWN_BUNDLES,
    () => 1,
  );
  const programs = new WeightedCache<GuestProgram>(MAX_PROGRAM_CACHE_BYTES, ({ bytes }) => bytes);
  const uis = new WeightedCache<UiFiles>(MAX_UI_CACHE_BYTES, ({ files }) =>
    [...files].reduce((bytes, [path, file]) => bytes + path.length + (file?.byteLength ?? 0), 0),
  );
  const uiFiles = new WeightedCache<Uint8Array | undefined>(
    MAX_UI_CACHE_BYTES,
    (file) => file?.byteLength ?? 0,
  );

  /** Of a bundle without a component: nothing. Of one that cannot run: why, which is in its bytes and stays so. */
  async function find(name: PreparedBundleName): Promise<ComponentHash | BundleLoadError | undefined> {
    let answer = await preparation.component(name);
    if (answer.kind === "unprepared") {
      try {
        await preparer.prepare(name);
      } catch (error) {
        if (error instanceof BundleLoadError && error.code === "bad_handler") return error;
        throw error;
      }
      answer = await preparation.component(name);
    }
    if (answer.kind === "unprepared") throw unreadable();
    return answer.kind === "component" ? answer.component : undefined;
  }

  /** The bundle is one that has the component, in case that it must be prepared once more. */
  async function load(component: ComponentHash, bundle: PreparedBundleName): Promise<GuestProgram> {
    const name = { component, maxMemoryMb: bundle.maxMemoryMb };
    let program = await preparation.program(name);
    if (program === undefined) {
      await preparer.prepare(bundle);
      program = await preparation.program(name);
    }
    if (program === undefined) throw unreadable();
    return program;
  }

  return {
    state: () => ({
      programs: programs.size,
      program_bytes: programs.weight,
      max_program_bytes: MAX_PROGRAM_CACHE_BYTES,
      ui_bytes: uis.weight + uiFiles.weight,
      max_ui_bytes: 2 * MAX_UI_CACHE_BYTES,
    }),
    async program(contentHash, tenantId) {
      await verdicts.require(contentHash, tenantId);
      const maxMemoryMb = options.maxMemoryMb();
      const bundle = { contentHash, maxMemoryMb };
      const component = await components.get(`${contentHash}/${maxMemoryMb}`, () => find(bundle));
      if (component instanceof BundleLoadError) throw component;
      if (component === undefined)
        throw new BundleLoadError("bad_handler", "the extension has no handler: its bundle holds only a UI");
      const key = `${component}/${maxMemoryMb}`;
      return { key, program: await programs.get(key, () => load(component, bundle)) };
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

function unreadable(): BundleLoadError {
  return new BundleLoadError("internal", "what was prepared of the bundle cannot be read");
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
