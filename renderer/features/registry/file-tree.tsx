import { type TreeFile, type TreeNode, treeOf } from "../../state/registry/file-tree.ts";
import { formatBytes } from "../../ui/format.ts";

/** A folder with more than this many entries begins closed. */
const MANY = 50;

/** Folders are native disclosures: the keyboard and the screen reader know them. */
export function FileTree({ files }: { readonly files: readonly TreeFile[] }) {
  return <Branch nodes={treeOf(files)} />;
}

function Branch({ nodes }: { readonly nodes: readonly TreeNode[] }) {
  return (
    <ul className="file-tree">
      {nodes.map((node) => (
        <li key={node.path}>
          {node.children ? (
            <details open={node.children.length <= MANY}>
              <summary>
                <Line name={`${node.name}/`} size={node.size} />
              </summary>
              <Branch nodes={node.children} />
            </details>
          ) : (
            <Line name={node.name} size={node.size} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Line({ name, size }: { readonly name: string; readonly size: number }) {
  return (
    <span className="file-line">
      <span className="mono">{name}</span>
      <span className="dim">{formatBytes(size)}</span>
    </span>
  );
}
