import { useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { ScreenProps } from "../../window-context.ts";
import { LoopStrip } from "../loop/loop-strip.tsx";
import { registerProjectCommands } from "./project-commands.ts";
import { type ProjectDialog, ProjectDialogs } from "./project-dialogs.tsx";
import { ProjectFiles } from "./project-files.tsx";
import { StartView } from "./start-view.tsx";
import { workspaceOf } from "./workspace.ts";
import "./project-screen.css";

/** The project: its files and an editor, or the ways to open one. */
export function ProjectScreen({ context }: ScreenProps) {
  const workspace = workspaceOf(context);
  const { data, failure } = useStore(workspace.project);
  const { screen, params } = useStore(context.navigation);
  const [dialog, ask] = useState<ProjectDialog>();
  const project = data?.project;

  useEffect(() => registerProjectCommands(context.commands, workspace, ask), [context, workspace]);

  useEffect(() => {
    const asked = screen === "project" ? dialogOf(params) : undefined;
    if (asked === undefined) return;
    ask(asked);
    // Asked for once: the place is kept through a reload, the question is not.
    context.navigation.go("project");
  }, [context, screen, params]);

  useEffect(() => {
    // Waits for the project when the page was opened at a file of it.
    if (screen !== "project" || params.file === undefined || project === undefined) return;
    const line = params.line === undefined ? undefined : Number(params.line);
    void workspace.show(params.file, line, Number(params.column ?? 1));
  }, [workspace, screen, params, project]);

  return (
    <>
      {project && (
        <div className="project-screen">
          <ProjectFiles context={context} workspace={workspace} project={project} ask={ask} />
          <LoopStrip loop={context.loop} navigation={context.navigation} dir={project.dir} isBrief />
        </div>
      )}
      {data && !project && <StartView workspace={workspace} recent={data.recent} ask={ask} />}
      {!data && failure && (
        <FailureNotice failure={failure}>
          <Button onClick={() => void workspace.project.reload()}>Try again</Button>
        </FailureNotice>
      )}
      {!data && !failure && <Notice title="Loading the project…" />}
      <ProjectDialogs workspace={workspace} shell={context.shell} dialog={dialog} ask={ask} />
    </>
  );
}

/** What another screen may ask this one to begin with. */
function dialogOf({ action, dir }: Readonly<Record<string, string>>): ProjectDialog | undefined {
  if (action === "create") return { kind: "create" };
  if (action === "open") return { kind: "open", ...(dir === undefined ? {} : { dir }) };
  return undefined;
}
