import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runnerArguments } from "../../core/runner/supervisor/command-line.ts";
import { tempFolder } from "../support/temp.ts";

describe("the runner's rights", () => {
  it("let the process and its threads read bundles, and nothing else", async () => {
    const objectsDir = tempFolder();
    writeFileSync(join(objectsDir, "probe"), "");
    const entry = join(import.meta.dirname, "support", "rights-probe.ts");
    const flags = runnerArguments({ readable: [objectsDir], entry });
    // The probe lies beside the tests, which the runner may not read.
    const probe = spawn(process.execPath, [`--allow-fs-read=${entry}`, ...flags], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {},
    });
    probe.send({ objectsDir });
    const [report] = await once(probe, "message");
    probe.kill();
    const expected = {
      readObjects: "done",
      readElsewhere: "ERR_ACCESS_DENIED",
      writeObjects: "ERR_ACCESS_DENIED",
      writeElsewhere: "ERR_ACCESS_DENIED",
      spawn: "ERR_ACCESS_DENIED",
      evaluate: expect.stringContaining("Code generation from strings disallowed"),
      addon: "ERR_DLOPEN_DISABLED",
      environment: "",
      arguments: "",
    };
    expect(report).toEqual({ inProcess: expected, inWorker: expected });
    expect(existsSync(join(tmpdir(), "written-by-the-runner"))).toBe(false);
  });
});
