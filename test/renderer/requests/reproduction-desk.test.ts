import { describe, expect, it } from "vitest";
import { MAX_REPRODUCTION_BYTES, type Reproduction } from "../../../core/contract/reproduction.ts";
import type { HostState } from "../../../core/contract/rpc.ts";
import { createCallerChoice } from "../../../renderer/state/caller.ts";
import { createDrafts } from "../../../renderer/state/drafts.ts";
import { EMPTY_DRAFT } from "../../../renderer/state/request-draft.ts";
import { createReproductionDesk } from "../../../renderer/state/requests/reproduction-desk.ts";
import { createResource } from "../../../renderer/state/resource.ts";
import { STATE } from "../../host/fixture.ts";
import { installOfTest } from "../installs.ts";
import { createMemoryStorage } from "../storage.ts";

const REPRODUCTION: Reproduction = {
  format: "extension-workbench-reproduction",
  version: 1,
  extension: "com.acme.tickets",
  extension_version: "1.2.3",
  request: { method: "POST", path: "/items/7", query: "?a=1", headers: [], body: "{}" },
  as: { user_type: "client" },
  persona: "Cleo",
  outcome: { outcome: "refused", status: 403, code: "forbidden" },
  omitted: [],
};
const persona = (id: string, name: string, user_type: "internal" | "client") => ({
  id,
  name,
  user_type,
  tenant_id: "tenant-1",
});
const HOST: HostState = {
  ...STATE,
  personas: [
    persona("p1", "Dana", "internal"),
    persona("p2", "Alex", "client"),
    persona("p3", "Cleo", "client"),
  ],
};

function createDesk(reproduction: Reproduction = REPRODUCTION, installs = [installOfTest()]) {
  const host = createResource(async () => HOST);
  const extensions = createResource(async () => installs);
  const drafts = createDrafts(createMemoryStorage());
  const caller = createCallerChoice(createMemoryStorage());
  const selected: string[] = [];
  const asked: unknown[] = [];
  const desk = createReproductionDesk({
    state: { host, extensions, drafts, select: (id) => selected.push(id) },
    caller,
    read: async (source) => {
      asked.push(source);
      return reproduction;
    },
  });
  const load = () => Promise.all([host.reload(), extensions.reload()]);
  return { desk, load, drafts, caller, selected, asked };
}

describe("a reproduction file that is opened", () => {
  it("is in the form of its extension, as the persona of that name, and what was typed can be put back", async () => {
    const { desk, load, drafts, caller, selected } = createDesk();
    const typed = { ...EMPTY_DRAFT, path: "/typed" };
    drafts.set("install-1", typed);
    await load();
    await desk.openPath("/home/dana/refused.json", "link");
    expect(drafts.get()["install-1"]).toEqual({
      ...EMPTY_DRAFT,
      method: "POST",
      path: "/items/7?a=1",
      body: "{}",
    });
    expect(selected).toEqual(["install-1"]);
    expect(caller.get().personaId).toBe("p3");
    expect(desk.get().opened).toMatchObject({
      source: { by: "link", name: "/home/dana/refused.json" },
      notes: [],
      replaced: typed,
    });
    desk.putBack();
    expect(drafts.get()["install-1"]).toEqual(typed);
    expect(desk.get()).toEqual({});
  });

  it("waits for a host that is slower than the link", async () => {
    const { desk, load, drafts } = createDesk();
    const opening = desk.openPath("/a.json", "link");
    expect(drafts.get()).toEqual({});
    await load();
    await opening;
    expect(drafts.get()["install-1"]?.path).toBe("/items/7?a=1");
  });

  it("says what is not as it was recorded", async () => {
    const { desk, load } = createDesk({
      ...REPRODUCTION,
      extension_version: "1.0.0",
      request: { ...REPRODUCTION.request, query: "?k={{key}}", body: undefined, body_b64: "/w==" },
      omitted: [{ part: "query", reason: "secret" }],
    });
    await load();
    await desk.openPath("/a.json", "path");
    expect(desk.get().opened?.notes).toEqual([
      "A secret was taken out of the query.",
      "The body is no text and was left out: use the command line.",
      "It was recorded with version 1.0.0; 1.2.3 is installed.",
      "It holds {{…}}: your own variables are put in their place when you send it.",
    ]);
  });

  it("of an extension that is not installed changes no form", async () => {
    const { desk, load, drafts, selected } = createDesk(REPRODUCTION, []);
    await load();
    await desk.openPath("/a.json", "path");
    expect(desk.get().opened).not.toHaveProperty("installId");
    expect([drafts.get(), selected]).toEqual([{}, []]);
  });

  it("is not read at all when it is too large", async () => {
    const { desk, asked } = createDesk();
    const text = () => Promise.reject(new Error("it was read"));
    await desk.openFile({ name: "big.json", size: MAX_REPRODUCTION_BYTES + 1, text });
    expect(desk.get().failed?.failure.code).toBe("reproduction_too_large");
    expect(asked).toEqual([]);
  });
});
