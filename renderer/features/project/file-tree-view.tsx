import { ActionIcon, Menu, Tree, type TreeNodeData, useTree } from "@mantine/core";
import {
  IconBraces,
  IconBrandTypescript,
  IconChevronDown,
  IconChevronRight,
  IconDots,
  IconFile,
  IconFolder,
} from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useMemo } from "react";
import { isDirty } from "../../state/project/document.ts";
import { fileNodes, foldersAbove } from "../../state/project/file-nodes.ts";
import type { ProjectWorkspace } from "../../state/project/project-workspace.ts";
import { Button } from "../../ui/button.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { AskProject } from "./project-dialogs.tsx";

export interface FileTreeViewProps {
  readonly workspace: ProjectWorkspace;
  readonly ask: AskProject;
}

/** The project's files. Enter opens, F2 renames, Delete deletes; the arrow keys walk. */
export function FileTreeView({ workspace, ask }: FileTreeViewProps) {
  const { data, failure } = useStore(workspace.tree);
  const { open, active } = useStore(workspace.documents);
  const nodes = useMemo(() => fileNodes(data?.entries ?? []), [data]);
  const kinds = useMemo(() => new Map(data?.entries.map(({ path, kind }) => [path, kind])), [data]);
  const dirty = new Set(open.filter(isDirty).map(({ path }) => path));
  const tree = useTree({ initialExpandedState: { src: true, ui: true } });
  const { expand } = tree;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the controller is a new object at every rendering
  useEffect(() => {
    for (const folder of active === undefined ? [] : foldersAbove(active)) expand(folder);
  }, [active]);

  const openFile = (path: string): void => {
    if (kinds.get(path) === "file") void workspace.documents.open(path);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const item = event.target instanceof HTMLElement ? event.target.closest("[role=treeitem]") : null;
    const path = item?.getAttribute("data-value");
    if (!path || event.target !== item) return;
    if (event.key === "Enter") openFile(path);
    else if (event.key === "F2") ask({ kind: "rename", path });
    else if (event.key === "Delete") ask({ kind: "remove", path, isFolder: kinds.get(path) === "folder" });
    else return;
    event.preventDefault();
  };

  if (!data) {
    return failure ? (
      <FailureNotice failure={failure}>
        <Button onClick={() => void workspace.tree.reload()}>Try again</Button>
      </FailureNotice>
    ) : (
      <Notice title="Reading the folder…" />
    );
  }
  return (
    <div className="pane-body">
      {failure && <FailureNotice failure={failure} />}
      <Tree
        data={nodes as unknown as TreeNodeData[]}
        tree={tree}
        levelOffset={14}
        aria-label="Files of the project"
        onKeyDown={onKeyDown}
        renderNode={({ node, expanded, elementProps }) => {
          const isFolder = kinds.get(node.value) === "folder";
          return (
            // The row is the label of a tree item, which has the role, the focus and the keys.
            // biome-ignore lint/a11y/noStaticElementInteractions: see above
            // biome-ignore lint/a11y/useKeyWithClickEvents: see above
            <div
              {...elementProps}
              className={`${elementProps.className} file-row`}
              data-active={node.value === active || undefined}
              onClick={(event) => {
                elementProps.onClick(event);
                openFile(node.value);
              }}
            >
              {isFolder ? (
                expanded ? (
                  <IconChevronDown size={14} aria-hidden />
                ) : (
                  <IconChevronRight size={14} aria-hidden />
                )
              ) : null}
              <FileIcon path={node.value} isFolder={isFolder} />
              <span className="file-name">{node.label}</span>
              {dirty.has(node.value) && (
                <span className="dirty-dot" role="img" aria-label="not saved">
                  ●
                </span>
              )}
              <FileMenu path={node.value} isFolder={isFolder} ask={ask} />
            </div>
          );
        }}
      />
      {nodes.length === 0 && <Notice title="The folder is empty." />}
      {data.truncated && <p className="dim file-note">There are more files than are shown here.</p>}
    </div>
  );
}

function FileIcon({ path, isFolder }: { readonly path: string; readonly isFolder: boolean }) {
  const Icon = isFolder
    ? IconFolder
    : path.endsWith(".ts")
      ? IconBrandTypescript
      : path.endsWith(".json")
        ? IconBraces
        : IconFile;
  return <Icon size={15} aria-hidden className="file-icon" />;
}

interface FileMenuProps {
  readonly path: string;
  readonly isFolder: boolean;
  readonly ask: AskProject;
}

/** For the mouse, and no part of the item's name: the keyboard has F2, Delete and the buttons above. */
function FileMenu({ path, isFolder, ask }: FileMenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          className="file-menu"
          aria-label={`More about ${path}`}
          aria-hidden
          tabIndex={-1}
          size="xs"
          onClick={(event) => event.stopPropagation()}
        >
          <IconDots size={14} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()}>
        {isFolder && (
          <Menu.Item onClick={() => ask({ kind: "make", what: "file", folder: path })}>
            New file in it…
          </Menu.Item>
        )}
        <Menu.Item onClick={() => ask({ kind: "rename", path })}>Rename…</Menu.Item>
        <Menu.Item color="red" onClick={() => ask({ kind: "remove", path, isFolder })}>
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
