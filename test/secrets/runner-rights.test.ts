import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sealEnvelope } from "../../core/secrets/envelope.ts";

it("opens an envelope in a process that may read its own code and nothing else", () => {
  const root = join(import.meta.dirname, "..", "..");
  const scope = { install_id: "i", request_id: "r" };
  const expires = new Date("2999-01-01T00:00:00.000Z");
  const envelope = sealEnvelope(new Map([["k", "v"]]), "token", scope, expires);
  const code = `
    import { openEnvelope } from ${JSON.stringify(join(root, "core", "secrets", "envelope.ts"))};
    const [envelope, scope] = JSON.parse(process.env.GIVEN);
    process.stdout.write(openEnvelope(envelope, "token", scope, new Date()).get("k"));`;
  const flags = [
    "--permission",
    `--allow-fs-read=${join(root, "core")}`,
    `--allow-fs-read=${join(root, "node_modules")}`,
    `--allow-fs-read=${join(root, "package.json")}`,
    "--disallow-code-generation-from-strings",
    "--input-type=module",
  ];
  const ended = spawnSync(process.execPath, [...flags, "--eval", code], {
    cwd: root,
    env: { GIVEN: JSON.stringify([envelope, scope]) },
    encoding: "utf8",
  });
  expect(ended.stderr).toBe("");
  expect(ended.stdout).toBe("v");
});
