import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { LoopState } from "../../core/contract/rpc/loop.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import { createLogger } from "../../core/platform/logger.ts";
import { createWindowLoop } from "../../core/window/loop.ts";
import { createWindowProject } from "../../core/window/project.ts";
import { activateKey } from "../../core/wiring/active-key.ts";
import { openWorkbench } from "../../core/workbench.ts";
import { tempFolder } from "../support/temp.ts";

/** A window's loop over a UI-only project, which is built without a toolchain. */
async function loopOfTest() {
  const home = tempFolder();
  const environment = readEnvironment(
    { WORKBENCH_HOME: join(home, "home"), WORKBENCH_LOG_LEVEL: "error" },
    process.platform,
  );
  const workbench = await openWorkbench({ environment, logger: createLogger("error") });
  const key = async (name: string) => {
    const made = await workbench.keystore.generate({ algorithm: "ecdsa-p256", subject: `CN=${name}` });
    await workbench.trust.add({ pem: made.certificate_chain_pem });
    return made.id;
  };
  const project = createWindowProject(workbench);
  const developmentKeyId = await key("Development");
  const loop = createWindowLoop(workbench, project, developmentKeyId);
  onTestFinished(async () => {
    project.dispose();
    await loop.dispose();
    await workbench.dispose();
  });
  await project.create({ dir: join(home, "project"), name: "com.acme.page", template: "ui" });
  const until = async (isWanted: (state: LoopState) => boolean): Promise<LoopState> => {
    const end = new AbortController();
    for await (const [state] of loop.follow(end.signal)) {
      if (state === undefined || !isWanted(state)) continue;
      end.abort();
      return state;
    }
    throw new Error("the loop ended");
  };
  const live = (number: number) =>
    until(({ turn }) => turn?.number === number && turn.status === "succeeded");
  return { workbench, project, loop, key, developmentKeyId, live, dir: join(home, "project") };
}

test("a save in the window starts one turn, one made elsewhere another, and a request none", async () => {
  const { project, loop, live, dir } = await loopOfTest();
  await loop.start();
  await live(1);
  const { text, revision } = await project.read("ui/index.html");
  await project.write({ path: "ui/index.html", text: `${text}<!-- window -->`, revision });
  expect((await live(2)).turn).toMatchObject({ kind: "ui", changed_files: 1 });
  await project.make("requests", "folder");
  await project.write({ path: "requests/a.json", text: "{}", revision: null });
  writeFileSync(join(dir, "ui", "index.html"), `${text}<!-- elsewhere -->`);
  expect((await live(3)).turn).toMatchObject({ changed_files: 1 });
  await project.rename("requests/a.json", "ui/a.json");
  expect((await live(4)).turn).toMatchObject({ changed_files: 1 });
});

test("a turn is signed with the key that is active, else with the development key, and says which", async () => {
  const { workbench, loop, live, key, developmentKeyId } = await loopOfTest();
  await loop.run();
  expect((await live(1)).last_good?.key_id).toBe(developmentKeyId);
  // What was published holds a page and nothing that answers, which the gateway knows without asking the runner.
  const outcome = await workbench.call({
    tenantId: workbench.tenantId(undefined),
    ref: "com.acme.page",
    method: "GET",
    path: "/",
    headers: [],
  });
  expect([outcome.status, outcome.error?.code]).toEqual([404, "endpoint_not_found"]);
  const own = await key("Own");
  activateKey(workbench, own);
  await loop.run();
  expect((await live(2)).last_good?.key_id).toBe(own);
});
