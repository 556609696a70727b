import { IconFolderOpen, IconPlus } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { type ClientFailure, failureOf } from "../../state/failure.ts";
import { createResource } from "../../state/resource.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";

const MOST_RECENT = 5;

export function ProjectCard({ context: { client, navigation } }: { readonly context: WindowContext }) {
  const [projects] = useState(() => createResource((signal) => client.call("project.state", {}, signal)));
  const { data } = useStore(projects);
  const [failure, setFailure] = useState<ClientFailure>();
  useEffect(() => void projects.reload(), [projects]);
  const recent = (data?.recent ?? []).filter(({ exists }) => exists).slice(0, MOST_RECENT);

  const open = (dir: string): void => {
    client.call("project.open", { dir }).then(
      () => navigation.go("project"),
      (error: unknown) => setFailure(failureOf(error)),
    );
  };

  return (
    <section className="welcome-card" aria-labelledby="welcome-project">
      <h3 id="welcome-project">Work on your own</h3>
      <div className="row-actions">
        <Button onClick={() => navigation.go("project", { action: "create" })}>
          <IconPlus size={14} aria-hidden /> Create from a template
        </Button>
        <Button onClick={() => navigation.go("project", { action: "open" })}>
          <IconFolderOpen size={14} aria-hidden /> Open a folder
        </Button>
      </div>
      {failure && <FailureNotice failure={failure} />}
      {recent.length > 0 && (
        <ul className="welcome-recent" aria-label="Recent projects">
          {recent.map(({ dir, name }) => (
            <li key={dir}>
              <button type="button" onClick={() => open(dir)}>
                {name} <span className="mono dim">{dir}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Command
        text="workbench create hello --name com.acme.hello"
        what="the command that makes an extension"
      />
    </section>
  );
}
