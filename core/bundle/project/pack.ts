import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { applyEdits, modify } from "jsonc-parser";
import type { ContentHash } from "../../contract/content-hash.ts";
import { MANIFEST_FILE, type Manifest } from "../../contract/manifest.ts";
import { contentHashOf } from "../../platform/content-hash.ts";
import { packArchive } from "../archive-writer.ts";
import { defaultBundlePath } from "../bundle-file.ts";
import { createSbom } from "../sbom.ts";
import { COMPONENT_NAME } from "./build.ts";
import { ProjectError } from "./errors.ts";
import { FileTree } from "./file-tree.ts";
import { isDirectory, type ProjectFiles, readProjectFiles } from "./project-files.ts";
import { findUi, requireUiEntry, UI_PREFIX } from "./ui-folder.ts";

export interface PackArchiveOfProjectOptions {
  readonly dir: string;
  /** Adds a CycloneDX bill of materials made from the project's lock file. */
  readonly sbom?: boolean | undefined;
  /** Another version than the manifest's, written into the packed manifest alone. */
  readonly version?: ((manifest: Manifest) => string) | undefined;
}

export interface PackProjectOptions extends PackArchiveOfProjectOptions {
  /** Default: where `defaultBundlePath` says. */
  readonly outFile?: string | undefined;
}

export interface ProjectArchive {
  archive: Uint8Array;
  content_hash: ContentHash;
  files: number;
}

export interface PackResult {
  /** Absolute path of the bundle. */
  path: string;
  content_hash: ContentHash;
  /** Of the bundle, in bytes. */
  size: number;
  files: number;
}

const SBOM_NAME = "sbom.cdx.json";
const WASM_PATH = `dist/${COMPONENT_NAME}`;
const PRECOMPILED_PREFIX = "precompiled/";

/**
 * Packs what a build left into one canonical archive. Throws `ProjectError` (`component_missing`, `file_refused`, …)
 * or the archive writer's `BundleError`; an earlier bundle of that name stays until the new one is complete.
 */
export async function packProject(options: PackProjectOptions): Promise<PackResult> {
  const { archive, content_hash, files } = await archiveOfProject(options);
  const path = resolve(options.outFile ?? defaultBundlePath(resolve(options.dir)));
  await write(path, archive);
  return { path, content_hash, size: archive.byteLength, files };
}

/** The same archive, in memory. Throws as {@link packProject}. */
export async function archiveOfProject(options: PackArchiveOfProjectOptions): Promise<ProjectArchive> {
  const dir = resolve(options.dir);
  const project = await readProjectFiles(dir);
  const tree = await collect(project);
  const files: { path: string; bytes: Uint8Array }[] = [];
  // One after the other: a bundle may hold more files than a process may open.
  for (const { path, file } of tree.files) files.push({ path, bytes: await readFile(file) });
  if (options.version) {
    const manifest = files.find(({ path }) => path === MANIFEST_FILE);
    if (manifest) manifest.bytes = withVersion(manifest.bytes, options.version(project.manifest));
  }
  if (options.sbom) {
    const text = await createSbom(dir, project.manifest);
    files.push({ path: SBOM_NAME, bytes: new TextEncoder().encode(text) });
  }
  const archive = await packArchive(files);
  return { archive, content_hash: contentHashOf(archive), files: files.length };
}

/** The author's own text with one value replaced, so that everything else stays as it was written. */
function withVersion(manifest: Uint8Array, version: string): Uint8Array {
  const text = new TextDecoder().decode(manifest);
  return new TextEncoder().encode(applyEdits(text, modify(text, ["version"], version, {})));
}

async function collect(project: ProjectFiles): Promise<FileTree> {
  const { dir, manifest } = project;
  const tree = new FileTree();
  await tree.addFile(join(dir, MANIFEST_FILE), MANIFEST_FILE);
  const hasComponent = await tree.addFile(join(dir, "dist", COMPONENT_NAME), WASM_PATH);
  const servesRequests = (manifest.api?.endpoints.length ?? 0) > 0;
  if (!hasComponent && (servesRequests || manifest.ui === undefined)) {
    throw new ProjectError({
      code: "component_missing",
      message: "The project has not been built: it has no component.",
      details: { expected: WASM_PATH, path: dir },
      hint: "Run `workbench build` first.",
    });
  }
  const ui = await findUi(project);
  if (ui !== undefined) {
    await requireUiEntry(project, ui);
    await tree.addFolder(ui, UI_PREFIX);
  }
  const precompiled = join(dir, PRECOMPILED_PREFIX);
  if (manifest.precompiled !== undefined && (await isDirectory(precompiled))) {
    await tree.addFolder(precompiled, PRECOMPILED_PREFIX);
  }
  const taken = new Set(tree.files.map(({ path }) => path));
  const sbom = manifest.sbom;
  if (sbom !== undefined && !taken.has(sbom)) await tree.addFile(join(dir, sbom), sbom);
  return tree;
}

async function write(path: string, archive: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, archive);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
