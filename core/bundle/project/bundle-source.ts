import { basename, join } from "node:path";
import { type InputOptions, type OutputChunk, type Plugin, rolldown } from "rolldown";
import type { Engine } from "../../contract/project-config.ts";
import { resourcePath } from "../../platform/resources.ts";
import { RUNTIME_PACKAGE } from "./build-plan.ts";
import { bundleError, requireComplete } from "./bundler-faults.ts";
import { ProjectError } from "./errors.ts";
import { handlerParameters } from "./handler-shape.ts";
import { declareHost } from "./host-parts.ts";
import { ENTROPY_INTERFACE, INTERFACE_PREFIX } from "./world.ts";

export interface BundleSourceOptions {
  readonly dir: string;
  /** Relative to `dir`. */
  readonly entry: string;
  readonly engine: Engine;
  readonly runtimeStandIn: boolean;
}

export interface SourceBundle {
  /** One ES module that exports `handler`. */
  readonly code: string;
  /** Interfaces of the world that it imports. */
  readonly interfaces: readonly string[];
  /** A guest module needs the host's entropy, which the world itself does not offer. */
  readonly needsEntropy: boolean;
}

/** Larger than any sensible handler; beyond it the engines take minutes. */
const MAX_BUNDLE_CHARACTERS = 32 * 1024 * 1024;
const ENTRY = "workbench:entry";
const GUEST = "workbench:guest/";
/** Prefix of the engine's own binding of an interface that a guest module stands before. */
const ENGINE_PREFIX = "engine:";

/**
 * Guest modules that bring the globals an engine lacks, by the names that ask for them. An extension pays only for
 * those that its code names.
 */
const MISSING_GLOBALS: Record<Engine, readonly [names: RegExp, module: string][]> = {
  starlingmonkey: [],
  quickjs: [
    [/\bText(En|De)coder\b/, "quickjs/encoding.ts"],
    [/\bURL(SearchParams)?\b/, "quickjs/url.ts"],
    [/\bstructuredClone\b/, "quickjs/structured-clone.ts"],
    [/\bconsole\b/, "quickjs/console.ts"],
    [/\brandom\b/, "quickjs/math-random.ts"],
    [/\bcrypto\b/, "quickjs/crypto.ts"],
  ],
};
/** Guest modules that stand before an interface of an engine's binding. */
const WRAPPED_INTERFACES: Record<Engine, Record<string, string>> = {
  starlingmonkey: {},
  quickjs: { [`${INTERFACE_PREFIX}storage`]: "quickjs/storage.ts" },
};
/** QuickJS promises need generators in place of `async` functions (see `resources/guest/quickjs/microtasks.ts`). */
const TARGETS: Record<Engine, string> = { starlingmonkey: "es2023", quickjs: "es2016" };

/**
 * Bundles a project's source to one module for `engine`. Throws `bundle_error` with file, line and column,
 * `handler_missing`, `dependencies_missing`, `source_too_large`. The output depends on no absolute path.
 */
export async function bundleSource(options: BundleSourceOptions): Promise<SourceBundle> {
  const own = await run(options, join(options.dir, options.entry), []);
  if (!own.exports.includes("handler")) {
    throw new ProjectError({
      code: "handler_missing",
      message: "The source exports no function named handler.",
      details: { file: options.entry, exports: own.exports },
      hint: "Export it by name: `export async function handler(request, host) { … }`.",
    });
  }
  const chunk = await run(options, ENTRY, [entryModule(options, own.code)]);
  if (chunk.code.length > MAX_BUNDLE_CHARACTERS) {
    throw new ProjectError({
      code: "source_too_large",
      message: "The bundled source is larger than an engine can take.",
      details: { characters: chunk.code.length, allowed: MAX_BUNDLE_CHARACTERS },
    });
  }
  const interfaces = chunk.imports
    .filter((id) => id.startsWith(INTERFACE_PREFIX))
    .map((id) => id.slice(INTERFACE_PREFIX.length));
  return {
    code: chunk.code,
    interfaces: [...new Set(interfaces)].sort(),
    needsEntropy: chunk.imports.includes(ENTROPY_INTERFACE),
  };
}

/** A handler that declares a second parameter is written for the runtime's host bindings. */
function wantsHost(code: string, entry: string): boolean {
  const parameters = handlerParameters(code);
  return parameters === undefined ? basename(entry).startsWith("handler.") : parameters >= 2;
}

function entryModule(options: BundleSourceOptions, code: string): Plugin {
  const user = JSON.stringify(join(options.dir, options.entry));
  const withHost = wantsHost(code, options.entry);
  const lines = [
    ...(options.engine === "quickjs" ? [`import "${GUEST}quickjs/prelude.ts";`] : []),
    ...MISSING_GLOBALS[options.engine].flatMap(([names, module]) =>
      names.test(code) ? [`import "${GUEST}${module}";`] : [],
    ),
    `import { handler as run } from ${user};`,
    `import { serve } from "${GUEST}${options.engine}/serve.ts";`,
    ...(withHost ? declareHost(code, GUEST) : []),
    `export const handler = serve((request) => run(request${withHost ? ", host" : ""}));`,
  ];
  return {
    name: "workbench-entry",
    resolveId: (id) => (id === ENTRY ? id : null),
    load: (id) => (id === ENTRY ? { code: lines.join("\n"), moduleType: "js" } : null),
  };
}

function guestModules(options: BundleSourceOptions): Plugin {
  const wrapped = WRAPPED_INTERFACES[options.engine];
  return {
    name: "workbench-guest",
    resolveId(id) {
      if (id.startsWith(GUEST)) return resourcePath("guest", id.slice(GUEST.length));
      if (id === RUNTIME_PACKAGE && options.runtimeStandIn) return resourcePath("runtime", "index.js");
      if (id.startsWith(ENGINE_PREFIX)) return { id: id.slice(ENGINE_PREFIX.length), external: true };
      if (!id.startsWith(INTERFACE_PREFIX)) return null;
      const guest = wrapped[id];
      return guest === undefined ? { id, external: true } : resourcePath("guest", guest);
    },
  };
}

async function run(options: BundleSourceOptions, input: string, plugins: Plugin[]): Promise<OutputChunk> {
  const settings: InputOptions = {
    input,
    cwd: options.dir,
    // The virtual modules come first: nothing of the project may take their place.
    plugins: [...plugins, guestModules(options)],
    platform: "neutral",
    resolve: { mainFields: ["module", "main"], conditionNames: ["import", "default"] },
    transform: { target: TARGETS[options.engine] },
    treeshake: true,
    tsconfig: false,
    experimental: { attachDebugInfo: "none" },
  };
  const faults: unknown[] = [];
  let chunk: OutputChunk;
  try {
    const build = await rolldown({ ...settings, onLog: (_level, log) => faults.push(log) });
    try {
      const { output } = await build.generate({ format: "es", codeSplitting: false, sourcemap: false });
      chunk = output[0];
    } finally {
      await build.close();
    }
  } catch (error) {
    throw bundleError(error, options.dir);
  }
  requireComplete(chunk, faults, options.dir);
  return chunk;
}
