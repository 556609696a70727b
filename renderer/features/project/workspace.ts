import { createProjectApi } from "../../state/project/project-api.ts";
import { createProjectSessions } from "../../state/project/project-session.ts";
import { createProjectWorkspace, type ProjectWorkspace } from "../../state/project/project-workspace.ts";
import { findTab } from "../../tab.ts";
import type { WindowContext } from "../../window-context.ts";
import { createIndexedDbDrafts } from "./indexed-db-drafts.ts";

const workspaces = new WeakMap<WindowContext, ProjectWorkspace>();

/** The window's one workspace: it outlives the screen, so that another screen may be looked at in between. */
export function workspaceOf(context: WindowContext): ProjectWorkspace {
  const known = workspaces.get(context);
  if (known) return known;
  const { bottomPanel, project, timers, preferences, session } = context;
  const tab = findTab({ storage: session, locks: navigator.locks, newId: () => crypto.randomUUID() });
  const workspace = createProjectWorkspace({
    api: createProjectApi(context.client),
    drafts: createIndexedDbDrafts(indexedDB, Date.now, tab),
    sessions: createProjectSessions({ tab: session, browser: preferences }),
    timers,
    report: bottomPanel.setProblems,
    announce(next) {
      const current = project.get();
      const isSame =
        current?.dir === next?.dir && current?.name === next?.name && current?.unsaved === next?.unsaved;
      if (!isSame) project.set(next);
    },
  });
  workspaces.set(context, workspace);
  workspace.start();
  // Leaving with unsaved text is asked about; should the page go all the same, the drafts are on disk.
  window.addEventListener("beforeunload", (event) => {
    void workspace.flush();
    if (workspace.documents.dirty().length > 0) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") void workspace.flush();
  });
  return workspace;
}
