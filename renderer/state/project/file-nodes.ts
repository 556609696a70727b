import type { TreeEntry } from "../../../core/contract/rpc/project.ts";

/** The shape that a tree widget draws. */
export interface FileNode {
  /** The path, which names the node. */
  readonly value: string;
  readonly label: string;
  readonly kind: TreeEntry["kind"];
  children?: FileNode[];
}

/** The host's flat list, folders before what is in them, as a tree. */
export function fileNodes(entries: readonly TreeEntry[]): FileNode[] {
  const roots: FileNode[] = [];
  const folders = new Map<string, FileNode[]>([["", roots]]);
  for (const { path, kind } of entries) {
    const cut = path.lastIndexOf("/");
    const siblings = folders.get(path.slice(0, Math.max(cut, 0)));
    if (siblings === undefined) continue;
    const node: FileNode = { value: path, label: path.slice(cut + 1), kind };
    if (kind === "folder") {
      node.children = [];
      folders.set(path, node.children);
    }
    siblings.push(node);
  }
  return roots;
}

/** Every folder on the way to a file. */
export function foldersAbove(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
