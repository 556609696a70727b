import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFileKeyBox } from "../../core/platform/file-key-box.ts";
import { createInstallSecrets, createSecretsBroker, openEnvelope } from "../../core/secrets/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { tempFolder } from "../support/temp.ts";

const NOW = new Date("2026-03-01T12:00:00.000Z");
const clock = { now: () => NOW };
const TIMEOUT_MS = 5_000;

function setUp() {
  const home = tempFolder();
  const database = openDatabase(join(home, "workbench.sqlite"));
  onTestFinished(() => void database.close());
  // The installs themselves are another feature's: only their ids matter here.
  database.pragma("foreign_keys = OFF");
  const box = createFileKeyBox(join(home, "box.key"));
  const secrets = createInstallSecrets({ database, box, clock });
  let token = "first";
  const broker = createSecretsBroker({ secrets, clock, serviceToken: () => token });
  const setToken = (next: string) => {
    token = next;
  };
  return { home, database, secrets, broker, setToken };
}

describe("secrets of an install", () => {
  it("are kept sealed, listed by key, replaced and removed", () => {
    const { database, secrets } = setUp();
    secrets.put("one", "b", "first");
    secrets.put("one", "a", "second");
    secrets.put("one", "b", "third");
    secrets.put("two", "c", "other");
    expect(secrets.keys("one")).toEqual(["a", "b"]);
    expect([...secrets.open("one")]).toEqual([
      ["a", "second"],
      ["b", "third"],
    ]);
    const rows = database
      .prepare<[], { sealed: Buffer }>("SELECT sealed FROM tenant_extension_install_secrets")
      .all();
    for (const { sealed } of rows) expect(sealed.toString("latin1")).not.toMatch(/first|second|third|other/);
    secrets.remove("one", "b");
    expect(secrets.keys("one")).toEqual(["a"]);
  });

  it("do not open where a row was copied to another install or key, nor under another box key", () => {
    const { home, database, secrets } = setUp();
    secrets.put("one", "a", "value");
    database.exec(
      "INSERT INTO tenant_extension_install_secrets SELECT 'two', key, sealed, updated_at FROM tenant_extension_install_secrets",
    );
    expect(() => secrets.open("two")).toThrow(
      expect.objectContaining({ code: "secret_unreadable", kind: "environment" }),
    );
    database.exec("UPDATE tenant_extension_install_secrets SET key = 'b' WHERE install_id = 'two'");
    expect(() => secrets.open("two")).toThrow(expect.objectContaining({ code: "secret_unreadable" }));
    const strange = createInstallSecrets({ database, box: createFileKeyBox(join(home, "other.key")), clock });
    expect(() => strange.open("one")).toThrow(expect.objectContaining({ code: "secret_unreadable" }));
  });
});

describe("the secrets broker", () => {
  it("seals for one execution, for its deadline and a minute more", () => {
    const { secrets, broker } = setUp();
    secrets.put("one", "api_key", "value");
    const scope = { install_id: "one", request_id: "r", execution_id: "e" };
    const envelope = broker.envelopeFor(scope, TIMEOUT_MS);
    expect(envelope?.expires_at).toBe("2026-03-01T12:01:05.000Z");
    expect(envelope && [...openEnvelope(envelope, "first", scope, NOW)]).toEqual([["api_key", "value"]]);
  });

  it("has nothing to send for an install without secrets", () => {
    expect(setUp().broker.envelopeFor({ install_id: "none", request_id: "r" }, TIMEOUT_MS)).toBeUndefined();
  });

  it("uses the token that the runner has now", () => {
    const { secrets, broker, setToken } = setUp();
    secrets.put("one", "k", "v");
    setToken("second");
    const scope = { install_id: "one", request_id: "r" };
    const envelope = broker.envelopeFor(scope, TIMEOUT_MS);
    expect(envelope && openEnvelope(envelope, "second", scope, NOW).get("k")).toBe("v");
    expect(() => envelope && openEnvelope(envelope, "first", scope, NOW)).toThrow(
      expect.objectContaining({ code: "envelope_invalid" }),
    );
  });
});
