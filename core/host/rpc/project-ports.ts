import type {
  Finding,
  FolderList,
  ProjectChange,
  ProjectFile,
  ProjectStateAnswer,
  ProjectSummary,
  TreeEntry,
  TypeSources,
} from "../../contract/rpc/project.ts";

type Template = "handler" | "ui" | "full";

/** The open project as the window needs it. Every path is relative to it. */
export interface HostProject {
  follow(signal: AbortSignal): AsyncIterable<readonly ProjectChange[]>;
  state(): Promise<ProjectStateAnswer>;
  open(dir: string): Promise<ProjectSummary>;
  close(): void;
  create(options: { dir: string; name: string; template: Template }): Promise<ProjectSummary>;
  adopt(options: { dir: string; name: string }): Promise<ProjectSummary>;
  forget(dir: string): void;
  folders(dir: string | undefined): Promise<FolderList>;
  tree(): Promise<{ readonly entries: readonly TreeEntry[]; readonly truncated: boolean }>;
  read(path: string): Promise<ProjectFile>;
  write(change: { path: string; text: string; revision: string | null }): Promise<{
    revision: string;
    modified_at: string;
  }>;
  make(path: string, kind: "file" | "folder"): Promise<void>;
  rename(path: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  findings(): Promise<readonly Finding[]>;
  checkTypes(signal: AbortSignal): Promise<readonly Finding[]>;
  typeSources(): Promise<TypeSources>;
}
