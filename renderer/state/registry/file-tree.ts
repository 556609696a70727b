export interface TreeFile {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/** A folder or a file of a bundle, with all that is below it counted. */
export interface TreeNode {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  /** Absent for a file. */
  readonly children?: readonly TreeNode[];
}

/** Paths as a tree: folders first, then by name. */
export function treeOf(files: readonly TreeFile[], below = ""): TreeNode[] {
  const folders = new Map<string, TreeFile[]>();
  const leaves: TreeNode[] = [];
  for (const file of files) {
    const rest = file.path.slice(below.length);
    const slash = rest.indexOf("/");
    if (slash < 0) leaves.push({ name: rest, path: file.path, size: file.size });
    else {
      const name = rest.slice(0, slash);
      const inside = folders.get(name);
      if (inside) inside.push(file);
      else folders.set(name, [file]);
    }
  }
  const branches = [...folders].map(([name, inside]): TreeNode => {
    const path = `${below}${name}/`;
    const size = inside.reduce((sum, file) => sum + file.size, 0);
    return { name, path, size, children: treeOf(inside, path) };
  });
  return [...branches.sort(byName), ...leaves.sort(byName)];
}

function byName(one: TreeNode, other: TreeNode): number {
  return one.name < other.name ? -1 : 1;
}
