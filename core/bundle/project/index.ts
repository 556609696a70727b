export { type BuildProjectOptions, type BuildResult, buildProject } from "./build.ts";
export type { BuildStage, StageName } from "./build-stages.ts";
export {
  type CreateProjectOptions,
  type CreateResult,
  createProject,
  TEMPLATES,
  type Template,
} from "./create.ts";
export type { Diagnostic, ProjectErrorCode } from "./errors.ts";
export {
  archiveOfProject,
  type PackProjectOptions,
  type PackResult,
  type ProjectArchive,
  packProject,
} from "./pack.ts";
export { createProjectBuilder, type ProjectBuilder } from "./project-builder.ts";
export { requireProjectFolder } from "./project-files.ts";
export { handlerSource, projectDiagnostics } from "./project-types.ts";
export { projectCompilerOptions } from "./type-check.ts";
export { isBuildInput, type WatchProjectOptions, watchProject } from "./watch.ts";
