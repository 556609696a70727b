import { describe, expect, it } from "vitest";
import { findHost, keepPastedToken, type SessionSources } from "../../renderer/session.ts";
import { createMemoryStorage } from "./storage.ts";

function sources(hash: string, change: Partial<SessionSources> = {}) {
  const addresses: string[] = [];
  const all: SessionSources = {
    bridge: undefined,
    location: { origin: "http://127.0.0.1:4310", hash, pathname: "/", search: "?a=b" },
    history: { replaceState: (_state, _title, url) => void addresses.push(String(url)) },
    storage: createMemoryStorage(),
    ...change,
  };
  return { all, addresses };
}

describe("finding the host", () => {
  it("takes the token out of the address bar and keeps it for this tab", async () => {
    const { all, addresses } = sources("#token=abc-DEF_123");
    expect(await findHost(all)).toEqual({ url: "http://127.0.0.1:4310", token: "abc-DEF_123" });
    expect(addresses).toEqual(["/?a=b"]);
    const reloaded = sources("", { storage: all.storage });
    expect(await findHost(reloaded.all)).toEqual({ url: "http://127.0.0.1:4310", token: "abc-DEF_123" });
    expect(reloaded.addresses).toEqual([]);
  });

  it.each(["", "#token=", "#other=abc", "#token=a b", `#token=${"x".repeat(513)}`])(
    "finds none in the fragment %j",
    async (hash) => {
      expect(await findHost(sources(hash).all)).toBeUndefined();
    },
  );

  it("prefers the desktop shell's word over the address", async () => {
    const bridge = { host: async () => ({ url: "http://127.0.0.1:5000", token: "from-shell" }) };
    const { all } = sources("#token=from-address", { bridge });
    expect(await findHost(all)).toEqual({ url: "http://127.0.0.1:5000", token: "from-shell" });
  });

  it("does not accept an address from the shell that is not of the agreed shape", async () => {
    const bridge = { host: async () => ({ url: "file:///etc/passwd", token: "x" }) };
    await expect(findHost(sources("", { bridge }).all)).rejects.toThrow();
  });
});

describe("an address that is pasted for a host that was started again", () => {
  const at = (text: string) => {
    const { all } = sources("#token=old");
    return { problem: keepPastedToken(text, all), all };
  };

  it.each(["http://127.0.0.1:4310/?token=new-1", " http://127.0.0.1:4310/#token=new-1\n", "new-1"])(
    "takes the token of %j for this tab",
    async (text) => {
      const { problem, all } = at(text);
      expect(problem).toBeUndefined();
      expect(await findHost({ ...all, location: { ...all.location, hash: "" } })).toMatchObject({
        token: "new-1",
      });
    },
  );

  it.each([
    ["http://127.0.0.1:4311/?token=new-1", /another host than http:\/\/127\.0\.0\.1:4310/],
    ["http://127.0.0.1:4310/", /no token/],
    ["http://127.0.0.1:4310/#token=a b", /no token/],
    ["two words", /no token/],
    ["x".repeat(513), /no token/],
  ])("keeps nothing of %j and says why", async (text, problem) => {
    const given = at(text);
    expect(given.problem).toMatch(problem);
    expect(given.all.storage.getItem("workbench.token")).toBeNull();
  });
});
