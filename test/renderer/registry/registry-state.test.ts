import { describe, expect, it } from "vitest";
import { CAPABILITIES } from "../../../core/contract/capability.ts";
import { consentOf } from "../../../renderer/state/registry/capability-words.ts";
import { installCommand, publishCommand } from "../../../renderer/state/registry/command-lines.ts";
import { treeOf } from "../../../renderer/state/registry/file-tree.ts";
import {
  changesBetween,
  readKeyedLines,
  readLines,
  writeKeyedLines,
} from "../../../renderer/state/registry/keyed-lines.ts";
import { entryFor } from "../../../renderer/state/registry/refused-egress.ts";
import { createRegistryState } from "../../../renderer/state/registry/registry-state.ts";
import { clientOf } from "../keys/client.ts";

describe("what egress was refused", () => {
  it.each([
    [{ host: "example.com", port: 443, rule: "host" }, "example.com"],
    [{ host: "example.com", port: 8443, rule: "host" }, "example.com:8443"],
    [{ host: "example.com", port: 8443, rule: "port" }, "example.com:8443"],
    [{ host: "intranet.example", port: 80, rule: "address" }, "intranet.example:80"],
    [{ host: "127.0.0.1", port: 80, rule: "host" }, "127.0.0.1:80"],
    [{ host: "::1", port: 443, rule: "host" }, "[::1]:443"],
    [{ host: "localhost", port: 443, rule: "host" }, "localhost:443"],
    [{ host: "example.com", port: 21, rule: "scheme" }, undefined],
    [{ host: "(a secret)", port: 443, rule: "host" }, undefined],
    [{ host: "", port: 0, rule: "url" }, undefined],
  ] as const)("%o would have been let through by %s", (target, entry) => {
    expect(entryFor(target)).toBe(entry);
  });
});

describe("consent", () => {
  it.each(CAPABILITIES)("has one sentence of its own for %s", (capability) => {
    const { sentence } = consentOf(capability);
    expect(sentence).toMatch(/^[A-Z].+\.$/);
    expect(CAPABILITIES.filter((other) => consentOf(other).sentence === sentence)).toEqual([capability]);
  });
});

describe("KEY=VALUE lines", () => {
  it("are read as they are written", () => {
    const values = { api: "https://a.example/?x=1", empty: "" };
    expect(readKeyedLines(writeKeyedLines(values))).toEqual({ values });
    expect(readKeyedLines("# a remark\n\na=1\r\n").values).toEqual({ a: "1" });
  });

  it.each([
    ["a=1\nnonsense", "Line 2 is not KEY=VALUE."],
    ["=x", "Line 1 is not KEY=VALUE."],
    ["a=1\na=2", "Line 2 repeats the key a."],
  ])("of %j have a problem", (text, problem) => {
    expect(readKeyedLines(text).problem).toBe(problem);
  });

  it("tell what changed and what went", () => {
    expect(changesBetween({ a: "1", b: "2", c: "3" }, { a: "1", b: "x", d: "4" })).toEqual({
      b: "x",
      c: null,
      d: "4",
    });
    expect(readLines(" a.example\n\nb.example, c:80 ")).toEqual(["a.example", "b.example", "c:80"]);
  });
});

describe("the file tree", () => {
  it("puts folders first and counts what is below them", () => {
    const tree = treeOf([
      { path: "manifest.json", size: 5 },
      { path: "ui/index.html", size: 10 },
      { path: "ui/app/main.js", size: 20 },
    ]);
    expect(tree).toMatchObject([
      { name: "ui", size: 30, children: [{ name: "app", size: 20 }, { name: "index.html" }] },
      { name: "manifest.json", size: 5 },
    ]);
  });
});

describe("command lines", () => {
  it("name secrets and never their values", () => {
    const command = installCommand(
      { name: "com.acme.a", tenantId: "t" },
      {
        version: "1.0.0",
        grants: ["cap:secrets.get"],
        config: { a: "b c" },
        secretKeys: ["token"],
        egress: ["x.example"],
      },
    );
    expect(command).toBe(
      "workbench install com.acme.a --tenant t --version 1.0.0 --grant cap:secrets.get --config 'a=b c' --secret token=- --egress x.example",
    );
    expect(publishCommand("b.zst", { signWith: "k", tenantId: "t" })).toBe(
      "workbench sign b.zst --key k && workbench publish b.zst --tenant t",
    );
  });
});

describe("the registry", () => {
  it("shows the first extension until another is chosen, and keeps an open form", async () => {
    const extension = {
      registry_id: "r1",
      name: "com.acme.a",
      publisher: "Acme",
      deprecated: false,
      versions: [],
      installs: 0,
      created_at: "",
    };
    const state = createRegistryState(
      clientOf({ "extensions.list": () => ({ items: [extension] }), "installs.list": () => ({ items: [] }) }),
    );
    await state.refresh();
    expect(state.shown.get()).toEqual({ kind: "extension", id: "r1" });
    state.shown.set({ kind: "publish" });
    await state.refresh();
    expect(state.shown.get()).toEqual({ kind: "publish" });
  });
});
