import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { workbench } from "../support/command-line.ts";
import { suiteFolder } from "../support/temp.ts";

const folder = suiteFolder();
const BUNDLE = join("ui", "dist", "bundle.tar.zst");

async function wb<T>(schema: z.ZodType<T>, line: string): Promise<T> {
  const outcome = await workbench([...line.split(" "), "--json"], {
    cwd: folder,
    home: join(folder, "home"),
  });
  expect(outcome, outcome.stdout).toMatchObject({ code: 0 });
  return schema.parse(outcome.json());
}

const anything = z.unknown();
const atVersion = z.object({ version: z.string() });
const movedTo = z.object({ version: z.string(), changed: z.boolean(), created: z.boolean() });

async function publishNext(key: string): Promise<string> {
  for (const line of ["build ui", "pack ui", `sign ${BUNDLE} --key ${key}`]) await wb(anything, line);
  return (await wb(atVersion, "publish ui")).version;
}

it("leaves the version when only settings are named, and else moves to the newest", async () => {
  await wb(anything, "create ui --name com.acme.ui --template ui");
  const { id } = await wb(
    z.object({ id: z.string() }),
    "keys generate --algorithm ed25519 --subject CN=Update",
  );
  await wb(anything, `trust add --key ${id}`);
  const manifest = join(folder, "ui", "manifest.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("0.1.0", "0.1.*"));
  expect(await publishNext(id)).toBe("0.1.0");
  const made = { version: "0.1.0", changed: true, created: true };
  expect(await wb(movedTo, "install com.acme.ui")).toEqual(made);
  writeFileSync(join(folder, "ui", "ui", "more.txt"), "more");
  expect(await publishNext(id)).toBe("0.1.1");

  const still = { version: "0.1.0", changed: false, created: false };
  expect(await wb(movedTo, "update com.acme.ui --config region=eu")).toEqual(still);
  const moved = { version: "0.1.1", changed: true, created: false };
  expect(await wb(movedTo, "update com.acme.ui")).toEqual(moved);
  const shown = await wb(z.object({ install: z.object({ config: anything }) }), "show com.acme.ui");
  expect(shown.install.config).toEqual({ region: "eu" });
});
