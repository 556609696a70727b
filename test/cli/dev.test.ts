import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { startCli } from "../support/cli-process.ts";
import { workbench } from "../support/command-line.ts";
import { suiteFolder } from "../support/temp.ts";

const folder = suiteFolder();
const home = join(folder, "home");
const project = join(folder, "project");
const MANIFEST = JSON.stringify({
  name: "com.acme.loop",
  version: "1.2.0",
  runtime: "wasm-js@1",
  api: { endpoints: [{ method: "GET", path: "/word", handler: "word" }] },
});
const ready = z.object({
  gateway_url: z.string(),
  tenants: z.tuple([z.object({ api_key: z.string() })], z.unknown()),
});

const write = (path: string, text: string) => writeFileSync(join(project, path), text);
const saying = (word: string) =>
  `export function handler() {
  return { status: 200, headers: [], body: new TextEncoder().encode(${JSON.stringify(word)}) };
}
`;

it("publishes a pre-release of the project and another on every save, and a bad save leaves the last good one", async () => {
  mkdirSync(join(project, "src"), { recursive: true });
  write("manifest.json", MANIFEST);
  write("workbench.json", '{"engine":"quickjs"}');
  write("src/index.js", saying("one"));
  const dev = startCli(["dev", project, "--home", home, "--json"]);
  const { gateway_url, tenants } = ready.parse(JSON.parse(await dev.answer()));
  const answer = async () => {
    const response = await fetch(`${gateway_url}/api/ext/com.acme.loop/word`, {
      headers: { "x-api-key": tenants[0].api_key, connection: "close" },
    });
    return [response.status, await response.text()];
  };

  await dev.progress(/^Watching/);
  // Saved while the first build runs: it must count too.
  write("src/index.js", saying("two"));
  await dev.progress(/^com\.acme\.loop 1\.2\.0-dev\.0 is live/);
  await dev.progress(/^com\.acme\.loop 1\.2\.0-dev\.1 is live/);
  expect(await answer()).toEqual([200, "two"]);

  write("manifest.json", MANIFEST.replace("wasm-js@1", "nonsense"));
  await dev.progress(/\[manifest_invalid\]$/);
  await dev.progress(/^The last good build stays installed/);
  expect(await answer()).toEqual([200, "two"]);

  write("src/index.js", saying("three"));
  write("manifest.json", MANIFEST);
  await dev.progress(/^com\.acme\.loop 1\.2\.0-dev\.2 is live/);
  expect(await answer()).toEqual([200, "three"]);

  dev.kill("SIGTERM");
  expect(await dev.ended()).toEqual(process.platform === "win32" ? [null, "SIGTERM"] : [0, null]);
  expect(dev.stdout().split("\n")).toHaveLength(2);
});

it("does not start without a project folder", async () => {
  const args = ["dev", join(folder, "nothing"), "--json"];
  const outcome = await workbench(args, { cwd: folder, home: join(folder, "other") });
  expect([outcome.code, outcome.json()]).toMatchObject([1, { error: { code: "project_missing" } }]);
});
