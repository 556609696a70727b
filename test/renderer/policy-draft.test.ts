import { expect, it } from "vitest";
import {
  ANONYMOUS,
  callOf,
  draftProblems,
  explainCommand,
  keepDraft,
  readDraft,
} from "../../renderer/state/policy/explain-draft.ts";
import { installOfTest } from "./installs.ts";
import { createMemoryStorage } from "./storage.ts";

const DRAFT = { method: "DELETE", path: "/items/1?a=b c", bodyBytes: "12", persona: "p-1" };

it("keeps what was typed through a reload, and begins anew from what is no draft", () => {
  const storage = createMemoryStorage();
  expect(readDraft(storage)).toEqual({ method: "GET", bodyBytes: "0" });
  keepDraft(storage, DRAFT);
  expect(readDraft(storage)).toEqual(DRAFT);
  storage.setItem("workbench.policy.draft", '{"method": 7}');
  expect(readDraft(storage)).toEqual({ method: "GET", bodyBytes: "0" });
});

it("asks about an endpoint that the install has until a path is typed", () => {
  const untouched = { method: "GET", bodyBytes: "0" };
  expect(callOf(untouched, installOfTest()).path).toBe("/items");
  expect(callOf({ ...untouched, path: "" }, installOfTest()).path).toBe("");
  const manifest = { ...installOfTest().manifest, api: undefined };
  expect(callOf(untouched, installOfTest({ manifest })).path).toBe("/");
});

it("says what is wrong with a draft by field", () => {
  expect(draftProblems(DRAFT)).toEqual({});
  expect(Object.keys(draftProblems({ ...DRAFT, path: "items", bodyBytes: "1 MB" }))).toEqual([
    "path",
    "bodyBytes",
  ]);
});

it("names the command that explains the same call, quoted for a shell", () => {
  expect(explainCommand(DRAFT, "com.acme.hello", "t-1")).toBe(
    "workbench policy explain com.acme.hello DELETE '/items/1?a=b c' --persona p-1 --body-bytes 12 --tenant t-1",
  );
  expect(explainCommand({ ...DRAFT, persona: ANONYMOUS, bodyBytes: "0" }, "com.acme.hello", "t-1")).toContain(
    " --anonymous --tenant t-1",
  );
});
