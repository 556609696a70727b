import { useEffect, useState } from "react";
import {
  SCENARIO_FOLDER,
  type ScenarioFile,
  type ScenarioResult,
} from "../../../core/contract/policy-scenario.ts";
import { commandLine } from "../../state/command-line.ts";
import { makeFolder } from "../../state/project/make-folder.ts";
import { createResource } from "../../state/resource.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { useAction } from "../keys/use-action.ts";
import { ExplainedLadder } from "./explained-ladder.tsx";

/** The scenarios in the open project's `policy` folder, run again whenever one of its files changes. */
export function ScenariosPane({ context }: { readonly context: WindowContext }) {
  const { client, navigation } = context;
  const project = useStore(context.project);
  const [run] = useState(() => createResource((signal) => client.call("policy.test", {}, signal)));
  const dir = project?.dir;
  useEffect(() => {
    if (dir === undefined) return;
    void run.reload();
    return client.subscribe(
      "project.changes",
      {},
      { onEvent: ({ paths }) => void (paths.some(isJson) && run.reload()), onState: () => {} },
    );
  }, [client, run, dir]);
  const { data, failure, loading } = useStore(run);
  if (dir === undefined) {
    return (
      <Notice title="No project is open, so there are no scenarios to test.">
        <Button look="primary" onClick={() => navigation.go("project", { action: "open" })}>
          Open a project
        </Button>
        <Command text="workbench policy test ./hello" what="the command that tests a project's scenarios" />
      </Notice>
    );
  }
  return (
    <div className="scenarios">
      <div className="scenario-actions">
        <Button look="primary" onClick={() => void run.reload()} disabled={loading}>
          Run all
        </Button>
        <span role="status">
          {data && `${data.passed} passed, ${data.failed} failed`}
          {loading && " running…"}
        </span>
      </div>
      <Command
        text={commandLine(["workbench", "policy", "test", dir])}
        what="the command that runs the scenarios"
      />
      {failure?.code === "scenarios_missing" ? (
        <FirstScenario context={context} />
      ) : (
        failure && <FailureNotice failure={failure} />
      )}
      {!failure &&
        data?.files.map(({ file, results }) => (
          <section key={file} aria-label={file}>
            <h3>
              {file}{" "}
              <Button look="quiet" onClick={() => navigation.go("project", { file })}>
                Edit
              </Button>
            </h3>
            {results.map((result, index) => (
              // Names may repeat, and a file's scenarios keep their order: the place is the identity.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <Scenario key={index} result={result} />
            ))}
          </section>
        ))}
    </div>
  );
}

/** What one writes first: a rule that holds in every workbench, to be changed in the editor. */
const FIRST_FILE = `${SCENARIO_FOLDER}/access.json`;
const FIRST_SCENARIOS: ScenarioFile = {
  scenarios: [
    {
      name: "without credentials nothing is answered",
      request: { method: "GET", path: "/" },
      as: "anonymous",
      expect: { outcome: "deny", code: "unauthenticated", status: 401 },
    },
  ],
};

function FirstScenario({ context: { client, navigation } }: { readonly context: WindowContext }) {
  const [{ running, failure }, action] = useAction(async (path: string) => {
    await makeFolder(client, SCENARIO_FOLDER);
    const text = `${JSON.stringify(FIRST_SCENARIOS, null, 2)}\n`;
    return client.call("project.write", { path, text, revision: null });
  });
  const write = async (): Promise<void> => {
    if (await action.run(FIRST_FILE)) navigation.go("project", { file: FIRST_FILE });
  };
  return (
    <Notice title={`This project has no scenarios: they are JSON files in its ${SCENARIO_FOLDER} folder.`}>
      <Button look="primary" disabled={running} onClick={() => void write()}>
        Write {FIRST_FILE}
      </Button>
      {failure && <FailureNotice failure={failure} />}
    </Notice>
  );
}

function Scenario({ result }: { readonly result: ScenarioResult }) {
  const { name, passed, differences, explanation } = result;
  return (
    <details className={`scenario ${passed ? "scenario-passed" : "scenario-failed"}`} open={!passed}>
      <summary>
        <span role="img" aria-label={passed ? "passed" : "failed"}>
          {passed ? "✓" : "✕"}
        </span>{" "}
        {name}
      </summary>
      {differences.map(({ what, expected, actual }) => (
        <p key={`${what} ${expected}`}>
          {what}: expected <strong>{expected}</strong>, got <strong>{actual}</strong>
        </p>
      ))}
      <ExplainedLadder explanation={explanation} />
    </details>
  );
}

function isJson(path: string): boolean {
  return path === "manifest.json" || path.startsWith("policy/");
}
