import type {
  Finding,
  FolderList,
  ProjectChange,
  ProjectFile,
  ProjectStateAnswer,
  ProjectSummary,
  TreeEntry,
  TypeSources,
} from "../../../core/contract/rpc/project.ts";
import type { RpcClient } from "../../client.ts";
import type { StreamState } from "../../event-stream.ts";

export type Template = "handler" | "ui" | "full";

export interface TreeAnswer {
  readonly entries: readonly TreeEntry[];
  readonly truncated: boolean;
}

/** What the project's state needs of the host. Every rejection is a `ClientError`, or the signal's own reason. */
export interface ProjectApi {
  state(signal: AbortSignal): Promise<ProjectStateAnswer>;
  open(dir: string): Promise<ProjectSummary>;
  close(): Promise<unknown>;
  create(options: { dir: string; name: string; template: Template }): Promise<ProjectSummary>;
  adopt(options: { dir: string; name: string }): Promise<ProjectSummary>;
  forget(dir: string): Promise<unknown>;
  folders(dir: string | undefined, signal: AbortSignal): Promise<FolderList>;
  tree(signal: AbortSignal): Promise<TreeAnswer>;
  read(path: string): Promise<ProjectFile>;
  write(change: { path: string; text: string; revision: string | null }): Promise<{ revision: string }>;
  make(path: string, kind: "file" | "folder"): Promise<unknown>;
  rename(path: string, to: string): Promise<unknown>;
  remove(path: string): Promise<unknown>;
  findings(signal: AbortSignal): Promise<readonly Finding[]>;
  checkTypes(signal: AbortSignal): Promise<readonly Finding[]>;
  types(signal: AbortSignal): Promise<TypeSources>;
  follow(onChange: (change: ProjectChange) => void, onState: (state: StreamState) => void): () => void;
}

export function createProjectApi(client: RpcClient): ProjectApi {
  return {
    state: (signal) => client.call("project.state", {}, signal),
    open: (dir) => client.call("project.open", { dir }),
    close: () => client.call("project.close", {}),
    create: (options) => client.call("project.create", options),
    adopt: (options) => client.call("project.adopt", options),
    forget: (dir) => client.call("project.forget", { dir }),
    folders: (dir, signal) => client.call("folders.list", dir === undefined ? {} : { dir }, signal),
    tree: (signal) => client.call("project.tree", {}, signal),
    read: (path) => client.call("project.read", { path }),
    write: (change) => client.call("project.write", change),
    make: (path, kind) => client.call("project.make", { path, kind }),
    rename: (path, to) => client.call("project.rename", { path, to }),
    remove: (path) => client.call("project.remove", { path }),
    findings: async (signal) => (await client.call("project.findings", {}, signal)).findings,
    checkTypes: async (signal) => (await client.call("project.check_types", {}, signal)).findings,
    types: (signal) => client.call("project.types", {}, signal),
    follow: (onEvent, onState) => client.subscribe("project.changes", {}, { onEvent, onState }),
  };
}
