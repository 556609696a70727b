import { readFile, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { z } from "zod";
import { MIB } from "../contract/limits.ts";
import { BundleError, printable } from "./errors.ts";

const LOCK_FILES = ["npm-shrinkwrap.json", "package-lock.json"] as const;
const MAX_LOCK_FILE_BYTES = 64 * MIB;

const versions = z.record(z.string(), z.string()).default({});

const declaredSchema = z.object({
  dependencies: versions,
  optionalDependencies: versions,
  peerDependencies: versions,
});

const lockedPackageSchema = declaredSchema.extend({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional().catch(undefined),
  link: z.boolean().default(false),
  optional: z.boolean().default(false),
  devOptional: z.boolean().default(false),
});
export type LockedPackage = z.infer<typeof lockedPackageSchema>;

const lockFileSchema = z.object({
  lockfileVersion: z.union([z.literal(2), z.literal(3)]),
  packages: z.record(z.string(), lockedPackageSchema),
});

/** A package that is installed for production, and where its own dependencies lead. */
export interface InstalledPackage {
  readonly name: string;
  readonly locked: LockedPackage;
  /** Paths of its dependencies in the lock file. */
  readonly dependencies: readonly string[];
}

export interface InstalledPackages {
  /** Paths of the project's direct dependencies. */
  readonly direct: readonly string[];
  /** By path in the lock file, such as `node_modules/a/node_modules/b`. */
  readonly packages: ReadonlyMap<string, InstalledPackage>;
}

/**
 * What a project's production dependencies are, exactly, by its npm lock file (version 2 or 3). Throws
 * `lock_file_missing` when there are dependencies and no lock file, `lock_file_invalid` when the lock file does not
 * say what is installed: malformed, of another version, or older than `package.json`.
 */
export async function readInstalledPackages(projectDir: string): Promise<InstalledPackages> {
  const declared = declaredSchema.parse((await readJson(projectDir, "package.json", declaredSchema)) ?? {});
  const lock = await readLock(projectDir);
  if (lock === undefined) {
    if (namesOf(declared).length === 0) return { direct: [], packages: new Map() };
    throw new BundleError({
      code: "lock_file_missing",
      message: "The project has dependencies and no package-lock.json that says which ones.",
      hint: "Run `npm install --package-lock-only` in the project.",
    });
  }
  const root = lock.get("");
  if (root === undefined || !isUpToDate(declared, root)) {
    throw invalid("package-lock.json is older than package.json.");
  }
  return reachable(lock, root);
}

/** Follows every dependency from the project's own, as Node resolves it. */
function reachable(lock: ReadonlyMap<string, LockedPackage>, root: LockedPackage): InstalledPackages {
  const packages = new Map<string, InstalledPackage>();
  const direct = dependenciesOf(lock, "", root);
  const waiting = [...direct];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const locked = lock.get(path);
    if (locked === undefined || packages.has(path)) continue;
    const dependencies = dependenciesOf(lock, path, locked);
    packages.set(path, { name: locked.name ?? nameIn(path), locked, dependencies });
    waiting.push(...dependencies);
  }
  return { direct, packages };
}

function dependenciesOf(
  lock: ReadonlyMap<string, LockedPackage>,
  path: string,
  locked: LockedPackage,
): string[] {
  return namesOf(locked).flatMap((name) => {
    const found = resolve(lock, path, name);
    if (found !== undefined) return [found];
    // Optional and peer dependencies need not be there.
    if (!Object.hasOwn(locked.dependencies, name) || Object.hasOwn(locked.optionalDependencies, name))
      return [];
    throw invalid(
      `The lock file does not hold ${printable(name)}, which ${printable(path || "the project")} needs.`,
    );
  });
}

/** Looks for `node_modules/<name>` in the package's folder and in every one above it, and follows a link. */
function resolve(lock: ReadonlyMap<string, LockedPackage>, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = posix.dirname(folder)) {
    const base = folder === "." ? "" : folder;
    const path = posix.join(base, "node_modules", name);
    const found = posix.basename(base) === "node_modules" ? undefined : lock.get(path);
    if (found !== undefined) return found.link ? found.resolved : path;
    if (base === "") return undefined;
  }
}

function namesOf(declared: z.infer<typeof declaredSchema>): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = declared;
  return [...new Set([dependencies, optionalDependencies, peerDependencies].flatMap(Object.keys))].sort();
}

function isUpToDate(declared: z.infer<typeof declaredSchema>, root: LockedPackage): boolean {
  // npm moves optional dependencies between the two lists; together they are what counts.
  const all = (from: z.infer<typeof declaredSchema>) =>
    JSON.stringify(Object.entries({ ...from.dependencies, ...from.optionalDependencies }).sort());
  return all(declared) === all(root);
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

async function readLock(projectDir: string): Promise<Map<string, LockedPackage> | undefined> {
  for (const name of LOCK_FILES) {
    const lock = await readJson(projectDir, name, lockFileSchema);
    if (lock !== undefined) return new Map(Object.entries(lock.packages));
  }
  return undefined;
}

async function readJson<Schema extends z.ZodType>(
  projectDir: string,
  name: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  const path = join(projectDir, name);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.size > MAX_LOCK_FILE_BYTES) throw invalid(`${name} is larger than ${MAX_LOCK_FILE_BYTES} bytes.`);
  const text = await readFile(path, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(`${name} is not JSON.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(
    `${name} is not what npm 7 or later writes (at ${printable((issue?.path ?? []).join("."))}).`,
  );
}

function invalid(message: string): BundleError {
  return new BundleError({
    code: "lock_file_invalid",
    message,
    hint: "Run `npm install --package-lock-only` in the project.",
  });
}
