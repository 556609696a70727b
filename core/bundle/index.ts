export { contentHashOf } from "../platform/content-hash.ts";
export type { ArchiveLimits } from "./archive-limits.ts";
export { type ArchiveEntry, type ReadArchiveOptions, readArchive, walkArchive } from "./archive-reader.ts";
export { type PackArchiveOptions, type PackedFile, packArchive } from "./archive-writer.ts";
export { defaultBundlePath } from "./bundle-file.ts";
export { type BundleContent, type BundleReader, createBundleReader } from "./bundle-reader.ts";
export type { ComponentInterface } from "./component-interface.ts";
export { type DocumentValidation, validateDocument } from "./document-validation.ts";
export { BundleError, type BundleErrorCode } from "./errors.ts";
export { type InspectedFile, type Inspection, inspectBundle } from "./inspection.ts";
export type { InspectionWarning, InspectionWarningCode } from "./inspection-warning.ts";
export { placeInManifest } from "./manifest-place.ts";
export { type ManifestProblem, type ManifestValidation, validateManifest } from "./manifest-validation.ts";
export {
  archiveOfProject,
  type BuildProjectOptions,
  type BuildResult,
  type BuildStage,
  buildProject,
  type CreateProjectOptions,
  type CreateResult,
  createProject,
  createProjectBuilder,
  type Diagnostic,
  handlerSource,
  isBuildInput,
  type PackProjectOptions,
  type PackResult,
  type ProjectArchive,
  type ProjectBuilder,
  type ProjectErrorCode,
  packProject,
  projectCompilerOptions,
  projectDiagnostics,
  requireProjectFolder,
  type StageName,
  type Template,
  type WatchProjectOptions,
  watchProject,
} from "./project/index.ts";
export { validateProjectConfig } from "./project-config-validation.ts";
export { createSbom, type SbomOptions } from "./sbom.ts";
export type { SbomSummary } from "./sbom-detection.ts";
