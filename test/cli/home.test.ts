import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { workbench } from "../support/command-line.ts";
import { tempFolder } from "../support/temp.ts";

async function failure(home: string, cwd: string, env: NodeJS.ProcessEnv = {}, args = ["keys", "list"]) {
  const outcome = await workbench([...args, "--json"], { cwd, home, env });
  return [outcome.code, outcome.json()];
}

describe("a data folder that cannot be one", () => {
  it("is refused when it has no name, and the folder of the moment stays untouched", async () => {
    const cwd = tempFolder();
    expect(await failure("", cwd)).toMatchObject([2, { error: { code: "usage" } }]);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("is an error of the environment when a file is in its way or its database is none", async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, "file"), "");
    expect(await failure(join(cwd, "file"), cwd)).toMatchObject([4, { error: { code: "home_unusable" } }]);
    writeFileSync(join(cwd, "workbench.sqlite"), "x".repeat(10_000));
    expect(await failure(cwd, cwd)).toMatchObject([4, { error: { code: "database_unusable" } }]);
  });
});

describe("a bundle store that cannot be one", () => {
  it.each(process.platform === "linux" ? ["file:FILE", "file:/proc/store"] : ["file:FILE"])(
    "is an error of the environment that names its variable: %s",
    async (store) => {
      const cwd = tempFolder();
      writeFileSync(join(cwd, "file"), "");
      const env = { BUNDLE_STORE: store.replace("FILE", join(cwd, "file")) };
      expect(await failure(cwd, cwd, env)).toMatchObject([
        4,
        { error: { code: "environment_invalid", message: expect.stringContaining("BUNDLE_STORE") } },
      ]);
    },
  );
});

describe.runIf(process.platform === "linux")(
  "a data folder below /proc, where making one answers ENOENT",
  () => {
    it("is refused at once, and doctor says so among its checks", async () => {
      const cwd = tempFolder();
      expect(await failure("/proc/home", cwd)).toMatchObject([4, { error: { code: "home_unusable" } }]);
      expect(await failure("/proc/home", cwd, {}, ["doctor"])).toMatchObject([
        4,
        {
          checks: expect.arrayContaining([expect.objectContaining({ name: "data_folder", status: "fail" })]),
        },
      ]);
    });
  },
);

describe("a data folder whose sealing key is another", () => {
  const GENERATE = ["keys", "generate", "--algorithm", "ed25519", "--subject", "CN=New"];

  it("seals nothing with it, and is whole again with the old one", async () => {
    const home = tempFolder();
    const made = await workbench(["keys", "list", "--json"], { cwd: home, home });
    expect(made.code).toBe(0);
    const key = join(home, "box.key");
    renameSync(key, `${key}.lost`);
    const refused = [4, { error: { code: "box_sealed_elsewhere" } }];
    expect(await failure(home, home, {}, GENERATE)).toMatchObject(refused);
    rmSync(key);
    renameSync(`${key}.lost`, key);
    expect(await failure(home, home, { WORKBENCH_PASSPHRASE: "a passphrase" }, GENERATE)).toMatchObject(
      refused,
    );
    expect((await workbench(["keys", "list", "--json"], { cwd: home, home })).json()).toEqual({ keys: [] });
  });
});
