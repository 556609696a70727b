import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WASI } from "node:wasi";
import { type InitialisedModule, prepareInitialisation } from "./initialised-module.ts";

/**
 * Stands in for the `wizer` program that the component toolchain would start: same arguments, same files, but the
 * initialiser sees a clock that stands still and no entropy. Wasmtime's would be the machine's.
 */
export interface ProgramOutcome {
  readonly status: number;
  readonly signal: null;
  readonly stderr: string;
}

export interface ProgramInput {
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  /** What the program reads on standard input. */
  readonly input: string;
  /** Folder for the files behind its standard streams. */
  readonly scratchDir: string;
}

/** What the toolchain asked its program to do, without the folders that were shared for it: enough to do it again. */
export interface InitialiserCall {
  readonly env: Record<string, string>;
  readonly input: string;
  readonly initFunction: string;
}

export interface EngineModule {
  readonly prepared: InitialisedModule;
  readonly module: WebAssembly.Module;
}

/** 2020-01-01T00:00:00Z in nanoseconds: some date after every certificate's epoch, the same for every build. */
const STANDING_CLOCK_NS = 1_577_836_800_000_000_000n;
const GUEST_FOLDER = "/extension";
const WASI_SUCCESS = 0;

type HostFunction = CallableFunction;

class Exit extends Error {}

export function compileEngine(module: Uint8Array): EngineModule {
  const prepared = prepareInitialisation(module);
  return { prepared, module: new WebAssembly.Module(prepared.instrumented) };
}

/** Answers one call of the program; the second value is what the toolchain wants to be read from it for another time. */
export function runInitialiser({ args, env, input, scratchDir }: ProgramInput): {
  outcome: ProgramOutcome;
  call: InitialiserCall;
} {
  const option = (name: string) => args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1);
  const output = option("-o");
  const modulePath = args.at(-1);
  const [folder, ...others] = foldersOf(args);
  if (output === undefined || modulePath === undefined || folder === undefined || others.length > 0)
    throw new Error("initialiser called without files");
  const call = {
    env,
    input: input.replaceAll(folder, GUEST_FOLDER),
    initFunction: args[args.indexOf("--init-func") + 1] ?? "wizer.initialize",
  };
  try {
    const engine = compileEngine(readFileSync(modulePath));
    writeFileSync(output, initialise(engine, call, { folder, scratchDir }));
    return { outcome: { status: 0, signal: null, stderr: "" }, call };
  } catch (error) {
    const stderr = error instanceof Error ? error.message : String(error);
    return { outcome: { status: 1, signal: null, stderr }, call };
  }
}

/**
 * Runs the initialiser in a new instance of the engine. `folder` is what the engine may read: its sources.
 * Throws with what the engine said.
 */
export function initialise(
  engine: EngineModule,
  call: InitialiserCall,
  { folder, scratchDir }: { readonly folder: string; readonly scratchDir: string },
): Uint8Array {
  const standardInput = join(scratchDir, "stdin");
  const standardError = join(scratchDir, "stderr");
  writeFileSync(standardInput, call.input);
  const stdin = openSync(standardInput, "r");
  const stderr = openSync(standardError, "w");
  try {
    const wasi = new WASI({
      version: "preview1",
      args: ["wizer"],
      env: call.env,
      preopens: { "/": folder, [GUEST_FOLDER]: folder },
      stdin,
      stdout: stderr,
      stderr,
      returnOnExit: false,
    });
    const instance = new WebAssembly.Instance(
      engine.module,
      importsOf(engine.module, wasi, () => memoryOf(instance)),
    );
    wasi.initialize(instance);
    const run: unknown = instance.exports[call.initFunction];
    if (typeof run !== "function") throw new Error(`the engine exports no ${call.initFunction}`);
    run();
    const captured = engine.prepared.capture(instance, [call.initFunction, "_initialize"]);
    requireInitialised(instance);
    return captured;
  } catch (error) {
    const reason = error instanceof Exit ? "" : `\n${error instanceof Error ? error.message : String(error)}`;
    throw new Error(`${readFileSync(standardError, "utf8")}${reason}`, { cause: error });
  } finally {
    closeSync(stdin);
    closeSync(stderr);
  }
}

/** What the engine answers when it is asked whether it found what it was told to export. */
const CHECKS = ["", "Unable to extract expected exports list", "Unable to parse the core ABI export types"];

function requireInitialised(instance: WebAssembly.Instance): void {
  const check: unknown = instance.exports["check_init"];
  if (typeof check !== "function") return;
  const status = Number(check());
  if (status !== 0) throw new Error(CHECKS[status] ?? `Unknown error during initialization: ${status}`);
}

/** The folders that the toolchain shares, under one fixed name: their random names would end up in the component. */
function foldersOf(args: readonly string[]): string[] {
  return args.flatMap((arg) => (arg.startsWith("--dir=") ? [arg.slice("--dir=".length)] : []));
}

function importsOf(module: WebAssembly.Module, wasi: WASI, memory: () => DataView): WebAssembly.Imports {
  // The map's values are plain functions; `getImportObject` is typed as `object`.
  const preview1 = wasi.wasiImport as Record<string, HostFunction>;
  const imports: Record<string, Record<string, HostFunction>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const known = from === "wasi_snapshot_preview1" ? preview1[name] : undefined;
    imports[from] = { ...imports[from], [name]: known ?? unavailable(`${from} ${name}`) };
  }
  const deterministic: Record<string, HostFunction> = {
    clock_time_get(_clock: number, _precision: bigint, result: number) {
      memory().setBigUint64(result, STANDING_CLOCK_NS, true);
      return WASI_SUCCESS;
    },
    random_get(start: number, length: number) {
      const view = memory();
      // Not zero: an engine may take an all-zero seed for a broken source and ask for ever.
      for (let at = 0; at < length; at += 1) view.setUint8(start + at, (at * 97 + 13) & 0xff);
      return WASI_SUCCESS;
    },
    proc_exit(status: number) {
      throw new Exit(`exit ${status}`);
    },
  };
  imports["wasi_snapshot_preview1"] = { ...imports["wasi_snapshot_preview1"], ...deterministic };
  return imports;
}

function unavailable(name: string): () => never {
  return () => {
    throw new Error(
      `${name} was called while the component was made; host functions work only inside handler`,
    );
  };
}

function memoryOf(instance: WebAssembly.Instance): DataView {
  const memory = instance.exports["memory"];
  if (!(memory instanceof WebAssembly.Memory)) throw new Error("the engine exports no memory");
  return new DataView(memory.buffer);
}
