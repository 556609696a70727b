import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  MAX_REPRODUCTION_BYTES,
  type Reproduction,
  reproductionFileName,
  reproductionText,
} from "../../core/contract/reproduction.ts";
import {
  ReproductionFileError,
  readReproduction,
  readReproductionFile,
} from "../../core/wiring/reproduction-file.ts";
import { tempFolder } from "../support/temp.ts";

const REPRODUCTION: Reproduction = {
  format: "extension-workbench-reproduction",
  version: 1,
  extension: "com.acme.hello",
  request: { method: "POST", path: "/items/7", query: "?a=1", headers: [], body: "{}" },
  as: { user_type: "internal", roles: ["read"] },
  outcome: { outcome: "refused", status: 403, code: "forbidden" },
  omitted: [],
};

function refusal(text: string): ReproductionFileError {
  try {
    readReproduction(text);
  } catch (error) {
    if (error instanceof ReproductionFileError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

describe("a reproduction file", () => {
  it("is read back as it was written, and is named after its call", () => {
    expect(readReproduction(reproductionText(REPRODUCTION))).toEqual(REPRODUCTION);
    expect(reproductionFileName(REPRODUCTION)).toBe("com.acme.hello-post-items-7.reproduction.json");
  });

  it.each<[string, unknown, string]>([
    ["another format", { format: "har" }, "$.format"],
    ["a later version", { version: 2 }, "$.version"],
    ["a field that is none", { run: "rm -rf ~" }, "$.run"],
    ["an extension that is a path", { extension: "../../x" }, "$.extension"],
    ["another persona", { as: { user_type: "root" } }, "$.as"],
    ["an unknown outcome", { outcome: { outcome: "running" } }, "$.outcome.outcome"],
    [
      "a method of no gateway",
      { request: { ...REPRODUCTION.request, method: "CONNECT" } },
      "$.request.method",
    ],
    ["a path with its query", { request: { ...REPRODUCTION.request, path: "/a?b" } }, "$.request.path"],
    ["a whole address", { request: { ...REPRODUCTION.request, path: "https://x/" } }, "$.request.path"],
    ["a query without ?", { request: { ...REPRODUCTION.request, query: "a=1" } }, "$.request.query"],
    [
      "a header that ends itself",
      { request: { ...REPRODUCTION.request, headers: [{ name: "a", value: "1\r\nx-api-key: 2" }] } },
      "$.request.headers[0].value",
    ],
    [
      "a body that is no base64",
      { request: { ...REPRODUCTION.request, body_b64: "§" } },
      "$.request.body_b64",
    ],
  ])("with %s is refused, and says where and what was expected", (_what, part, where) => {
    const { code, details } = refusal(JSON.stringify({ ...REPRODUCTION, ...(part as object) }));
    expect(code).toBe("reproduction_invalid");
    const problems = details?.problems as {
      path: string;
      line: number;
      expected?: string;
      message: string;
    }[];
    expect(problems.map(({ path }) => path)).toContain(where);
    for (const problem of problems) expect(problem).toMatchObject({ line: 1, message: expect.any(String) });
  });

  it.each([
    ["no JSON", "PK\u0003\u0004"],
    ["nothing", ""],
    ["another shape", "[]"],
    ["folds without end", "[".repeat(100_000)],
    ["a prototype", '{"__proto__": {"format": "x"}, "constructor": 1}'],
  ])("that holds %s is refused with the same code", (_what, text) => {
    expect(refusal(text).code).toBe("reproduction_invalid");
  });

  it("that is larger than any is refused before it is looked at", () => {
    expect(refusal(" ".repeat(MAX_REPRODUCTION_BYTES + 1))).toMatchObject({
      code: "reproduction_too_large",
      details: { expected: `at most ${MAX_REPRODUCTION_BYTES} bytes`, actual: MAX_REPRODUCTION_BYTES + 1 },
    });
  });

  it("is read from plain files alone, by their whole path", async () => {
    const folder = tempFolder();
    const path = join(folder, "call.json");
    writeFileSync(path, reproductionText(REPRODUCTION));
    expect(await readReproductionFile(path)).toEqual(REPRODUCTION);
    writeFileSync(join(folder, "large.json"), " ".repeat(MAX_REPRODUCTION_BYTES + 1));
    await expect(readReproductionFile(join(folder, "large.json"))).rejects.toMatchObject({
      code: "reproduction_too_large",
    });
    mkdirSync(join(folder, "dir"));
    // Nobody ever writes to it: whoever waits for that waits for ever.
    execFileSync("mkfifo", [join(folder, "pipe")]);
    for (const other of ["call.json", join(folder, "dir"), join(folder, "pipe"), join(folder, "missing")])
      await expect(readReproductionFile(other)).rejects.toMatchObject({ code: "reproduction_unreadable" });
  });
});
