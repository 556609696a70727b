export { contentHashOf } from "../platform/content-hash.ts";
export type { ArchiveLimits } from "./archive-limits.ts";
export { type ArchiveEntry, type ReadArchiveOptions, readArchive, walkArchive } from "./archive-reader.ts";
export { type PackArchiveOptions, type PackedFile, packArchive } from "./archive-writer.ts";
export { BundleError, type BundleErrorCode } from "./errors.ts";
export { type ManifestProblem, type ManifestValidation, validateManifest } from "./manifest-validation.ts";
export { validateProjectConfig } from "./project-config-validation.ts";
