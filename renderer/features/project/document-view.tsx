import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { isDirty, type OpenDocument } from "../../state/project/document.ts";
import type { ProjectWorkspace } from "../../state/project/project-workspace.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";

// The editor is larger than the rest of the window: it comes when the first file is looked at.
const CodeEditor = lazy(async () => ({ default: (await import("./editor/code-editor.tsx")).CodeEditor }));
const Comparison = lazy(async () => ({ default: (await import("./editor/comparison.tsx")).Comparison }));

export interface DocumentViewProps {
  readonly workspace: ProjectWorkspace;
  readonly document: OpenDocument | undefined;
}

/** The file that is looked at, with whatever stands between what was typed and the disk. */
export function DocumentView({ workspace, document }: DocumentViewProps) {
  const [compared, setCompared] = useState<string>();
  if (document === undefined) {
    return <Notice title="No file is open: choose one in the tree, manifest.json for example." />;
  }
  const { path, status, failure, outside } = document;
  const { documents } = workspace;
  if (status === "loading") return <Notice title={`Reading ${path}…`} />;
  if (status === "failed" && failure) {
    return (
      <FailureNotice failure={failure}>
        <Button variant="default" onClick={() => void documents.open(path)}>
          Try again
        </Button>
      </FailureNotice>
    );
  }
  const isCompared = compared === path && outside?.kind === "changed";
  return (
    <div className="document">
      {failure && (
        <div className="document-banner" role="alert">
          <span className="bad">✕ {failure.message}</span>
          <span className="dim">{failure.hint}</span>
          <code>{failure.code}</code>
          <Button variant="default" onClick={() => void documents.save(path)}>
            Save again
          </Button>
        </div>
      )}
      {outside && (
        <div className="document-banner" role="alert">
          <span className="warn">
            ! {path} was {outside.kind === "deleted" ? "deleted or moved" : "changed"} outside
            {isDirty(document) ? "; what you typed is kept here." : "."}
          </span>
          {outside.kind === "changed" && (
            <>
              <Button variant="default" onClick={() => setCompared(isCompared ? undefined : path)}>
                {isCompared ? "Back to the editor" : "Compare"}
              </Button>
              <Button variant="default" onClick={() => void documents.reload(path)}>
                Take the disk's text
              </Button>
            </>
          )}
          <Button variant="default" onClick={() => documents.keepMine(path)}>
            Keep mine
          </Button>
          {outside.kind === "deleted" && (
            <Button variant="default" onClick={() => documents.close(path)}>
              Close
            </Button>
          )}
        </div>
      )}
      <Suspense fallback={<Notice title="Loading the editor…" />}>
        {isCompared ? (
          <Comparison path={path} theirs={outside.text} mine={document.text} />
        ) : (
          <CodeEditor workspace={workspace} path={path} />
        )}
      </Suspense>
    </div>
  );
}
