import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Real components for tests, built once by the real toolchains and kept on disk: a StarlingMonkey build takes
 * seconds, and a dozen suites want the same few. The key covers everything that shapes the bytes, so a toolchain
 * upgrade or a changed WIT never serves a stale component.
 */
export interface TestComponentOptions {
  /** An ES module exporting `handler`; host functions are imported from `alga:extension/<interface>`. */
  source: string;
  engine: ComponentEngine;
  /** WIT text; default: the product's own world in `resources/wit`. */
  wit?: string;
  /** Default `runner`. */
  world?: string;
  /** StarlingMonkey features to leave out; default http and fetch-event, as the product's own builds do. */
  disableFeatures?: ("stdio" | "random" | "clocks" | "http" | "fetch-event")[];
  /** QuickJS only: replace WASI by traps. Default true, as the product's own builds do. */
  stubWasi?: boolean;
}

export type ComponentEngine = "starlingmonkey" | "quickjs";

export const COMPONENT_ENGINES: readonly ComponentEngine[] = ["quickjs", "starlingmonkey"];

const projectRoot = join(import.meta.dirname, "..", "..");
const cacheRoot = join(projectRoot, "node_modules", ".cache", "workbench-components");

export async function buildTestComponent(options: TestComponentOptions): Promise<Uint8Array> {
  const input = {
    source: options.source,
    engine: options.engine,
    wit: options.wit ?? productWit(),
    world: options.world ?? "runner",
    disableFeatures: options.disableFeatures ?? ["http", "fetch-event"],
    stubWasi: options.stubWasi ?? true,
    toolchain: toolchainVersion(options.engine),
  } as const;
  const key = createHash("sha256").update(JSON.stringify(input)).digest("hex");
  const cached = join(cacheRoot, `${key}.wasm`);
  if (existsSync(cached)) return new Uint8Array(readFileSync(cached));

  mkdirSync(cacheRoot, { recursive: true });
  const component =
    options.engine === "quickjs" ? await buildQuickJs(input) : await buildStarlingMonkey(input);
  // Suites run in parallel processes: whoever finishes last wins, and nobody reads half a file.
  const temporary = join(cacheRoot, `${key}.${randomUUID()}.tmp`);
  writeFileSync(temporary, component);
  renameSync(temporary, cached);
  return component;
}

/** The files of `resources/wit` as one text: they share one package, declared once. */
export function productWit(): string {
  const folder = join(projectRoot, "resources", "wit");
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith(".wit"))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
  const declaration = /^package\s+[^;{]+;\s*$/mu;
  const declared = texts.map((text) => declaration.exec(text)?.[0]).find((line) => line !== undefined);
  return [declared ?? "", ...texts.map((text) => text.replace(declaration, ""))].join("\n");
}

interface BuildInput {
  readonly source: string;
  readonly wit: string;
  readonly world: string;
  readonly disableFeatures: readonly ("stdio" | "random" | "clocks" | "http" | "fetch-event")[];
  readonly stubWasi: boolean;
}

async function buildStarlingMonkey(input: BuildInput): Promise<Uint8Array> {
  const { componentize } = await import("@bytecodealliance/componentize-js");
  // The text form writes the source to a folder of its own and refuses a `sourcePath`, which its type demands.
  const options = { worldName: input.world, disableFeatures: [...input.disableFeatures] };
  const { component } = await componentize(
    input.source,
    input.wit,
    options as Parameters<typeof componentize>[2],
  );
  return new Uint8Array(component);
}

async function buildQuickJs(input: BuildInput): Promise<Uint8Array> {
  const { componentize } = await import("componentize-qjs");
  const folder = join(cacheRoot, `build-${randomUUID()}`);
  mkdirSync(folder, { recursive: true });
  try {
    const witPath = join(folder, "world.wit");
    writeFileSync(witPath, input.wit);
    const { component } = await componentize({
      witPath,
      jsSource: input.source,
      world: input.world,
      sync: true,
      stubWasi: input.stubWasi,
    });
    return new Uint8Array(component);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toolchainVersion(engine: ComponentEngine): string {
  const name = engine === "quickjs" ? "componentize-qjs" : "@bytecodealliance/componentize-js";
  const manifest = findManifest(name);
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string }; // our own dependency's
  return `${name}@${version}`;
}

/** `package.json` is not among every package's exports, so it is found from the resolved entry upwards. */
function findManifest(name: string): string {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const found = paths.map((path) => join(path, name, "package.json")).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
}
