import { z } from "zod";

/** Templates that a project can begin as. */
export const PROJECT_TEMPLATES = ["handler", "ui", "full"] as const;

const nothing = z.strictObject({});
const done = z.object({});

/** Absolute path of a folder on the host's machine. */
const folder = z.string().min(1).max(4_096);
/** Below the project, with forward slashes on every platform. */
const projectPath = z.string().min(1).max(1_024);

const projectSummarySchema = z.object({
  /** Absolute, links resolved. */
  dir: z.string(),
  /** The manifest's name where it has one, else the folder's. */
  name: z.string(),
});
export type ProjectSummary = z.infer<typeof projectSummarySchema>;

const recentProjectSchema = projectSummarySchema.extend({
  opened_at: z.string(),
  /** False when the folder has gone. */
  exists: z.boolean(),
});
export type RecentProject = z.infer<typeof recentProjectSchema>;

const projectStateSchema = z.object({
  project: projectSummarySchema.optional(),
  recent: z.array(recentProjectSchema).readonly(),
});
export type ProjectStateAnswer = z.infer<typeof projectStateSchema>;

const folderListSchema = z.object({
  dir: z.string(),
  /** Absent at the user's home, above which nothing is listed. */
  parent: z.string().optional(),
  folders: z.array(z.object({ name: z.string(), dir: z.string(), is_project: z.boolean() })).readonly(),
  is_project: z.boolean(),
  /** True when there are more folders than are listed. */
  truncated: z.boolean(),
});
export type FolderList = z.infer<typeof folderListSchema>;

const treeEntrySchema = z.object({
  path: z.string(),
  kind: z.enum(["file", "folder"]),
  /** Bytes; of files. */
  size: z.number().int().optional(),
});
export type TreeEntry = z.infer<typeof treeEntrySchema>;

const projectFileSchema = z.object({
  path: z.string(),
  text: z.string(),
  /** Names exactly this content: `sha256:…`. */
  revision: z.string(),
  modified_at: z.string(),
});
export type ProjectFile = z.infer<typeof projectFileSchema>;

const findingSchema = z.object({
  source: z.enum(["manifest", "settings", "types", "build", "policy"]),
  severity: z.enum(["error", "warning"]),
  message: z.string(),
  /** Absent when the finding is about no file. */
  path: z.string().optional(),
  /** Both from 1. */
  line: z.number().int().optional(),
  column: z.number().int().optional(),
  code: z.string().optional(),
});
/** Something to mend in a project, whoever found it. */
export type Finding = z.infer<typeof findingSchema>;

const findingsSchema = z.object({ findings: z.array(findingSchema).readonly() });

const typeSourcesSchema = z.object({
  /** Declarations of the host's API, and of the runtime package: the project's own where it is installed. */
  declarations: z.array(z.object({ module_path: z.string(), text: z.string() })).readonly(),
  runtime: z.enum(["project", "workbench"]),
  /** The project's own sources, so that what imports a closed file is judged too. */
  sources: z.array(z.object({ path: z.string(), text: z.string() })).readonly(),
  /**
   * What the project's own `tsconfig.json` comes to, whatever it extends, in the spelling of such a file. Absent when there is none, and
   * when it cannot be read: then `fault` says why.
   */
  compiler: z.object({
    options: z.record(z.string(), z.unknown()).optional(),
    fault: z.string().optional(),
  }),
});
export type TypeSources = z.infer<typeof typeSourcesSchema>;

/** Procedures of the project screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const projectProcedures = {
  "project.state": { input: nothing, output: projectStateSchema },
  /** Fails with `manifest_missing` for a folder that is no project. */
  "project.open": { input: z.strictObject({ dir: folder }), output: projectSummarySchema },
  "project.close": { input: nothing, output: done },
  /** Makes a project from a template and opens it. */
  "project.create": {
    input: z.strictObject({
      dir: folder,
      name: z.string().min(1).max(256),
      template: z.enum(PROJECT_TEMPLATES),
    }),
    output: projectSummarySchema,
  },
  /** Writes a first manifest into a folder that has none, and opens it. */
  "project.adopt": {
    input: z.strictObject({ dir: folder, name: z.string().min(1).max(256) }),
    output: projectSummarySchema,
  },
  /** Takes a folder off the list of recent projects; nothing on disk changes. */
  "project.forget": { input: z.strictObject({ dir: folder }), output: done },
  /** Folders in a folder of the user's home (default: the home itself), for a browser that has no dialog of the system. */
  "folders.list": { input: z.strictObject({ dir: folder.optional() }), output: folderListSchema },
  "project.tree": {
    input: nothing,
    output: z.object({ entries: z.array(treeEntrySchema).readonly(), truncated: z.boolean() }),
  },
  "project.read": { input: z.strictObject({ path: projectPath }), output: projectFileSchema },
  /** Writes only over the revision that is named, so that nobody's change is lost; `null` for a file that is not there. */
  "project.write": {
    input: z.strictObject({ path: projectPath, text: z.string(), revision: z.string().max(128).nullable() }),
    output: z.object({ revision: z.string(), modified_at: z.string() }),
  },
  "project.make": {
    input: z.strictObject({ path: projectPath, kind: z.enum(["file", "folder"]) }),
    output: done,
  },
  "project.rename": { input: z.strictObject({ path: projectPath, to: projectPath }), output: done },
  "project.remove": { input: z.strictObject({ path: projectPath }), output: done },
  /** What is wrong with the manifest and the settings, and what the last build of this host found. Quick. */
  "project.findings": { input: nothing, output: findingsSchema },
  /** Runs the compiler over the project; ends with the question. */
  "project.check_types": { input: nothing, output: findingsSchema },
  "project.types": { input: nothing, output: typeSourcesSchema },
} as const;

const projectChangeSchema = z.object({
  /** `built`: the last build of this host found something else than the one before. */
  kind: z.enum(["opened", "closed", "changed", "built"]),
  dir: z.string(),
  /** Relative; of `changed`. */
  paths: z.array(z.string()).readonly(),
});
export type ProjectChange = z.infer<typeof projectChangeSchema>;

/** Subscriptions of the project screen: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const projectSubscriptions = {
  /** What happens to the open project, by this window or by anybody else. */
  "project.changes": { input: nothing, event: projectChangeSchema },
} as const;
