export type { ProjectChange, ProjectSummary } from "../contract/rpc/project.ts";
export { ProjectFileError, type ProjectFileErrorCode } from "./errors.ts";
export { createProjects, type ProjectPorts, type Projects } from "./projects.ts";
