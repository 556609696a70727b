import { describe, expect, it } from "vitest";
import type { SigningKey } from "../../../core/contract/rpc/keys.ts";
import { createAction } from "../../../renderer/state/keys/action.ts";
import { createBundleDesk } from "../../../renderer/state/keys/bundle-desk.ts";
import { sortBundleFiles } from "../../../renderer/state/keys/bundle-files.ts";
import {
  exportCommand,
  generateCommand,
  importCommand,
  revokeCommand,
  trustAddCommand,
  verifyCommand,
} from "../../../renderer/state/keys/command-lines.ts";
import { colonHex, expiryOf } from "../../../renderer/state/keys/expiry.ts";
import { createKeysState } from "../../../renderer/state/keys/keys-state.ts";
import { uploadBundle } from "../../../renderer/state/keys/upload.ts";
import { clientOf, fileOf, refusal } from "./client.ts";

const key = (id: string, overrides: Partial<SigningKey> = {}): SigningKey => ({
  id,
  algorithm: "ecdsa-p256",
  subject: "CN=Acme",
  issuer: "CN=Acme",
  fingerprint_sha256: "ab".repeat(32),
  not_before: "2026-01-01T00:00:00.000Z",
  not_after: "2027-01-01T00:00:00.000Z",
  kind: "signing",
  usages: [],
  validity: "valid",
  issuer_key_id: null,
  is_active: false,
  is_development: false,
  revoked: null,
  trust_ids: [],
  created_at: "2026-01-01T00:00:00.000Z",
  ...overrides,
});

describe("an action", () => {
  it("runs once at a time, and says what came of it", async () => {
    const gate = Promise.withResolvers<string>();
    const action = createAction((_: undefined) => gate.promise);
    const first = action.run(undefined);
    expect(action.get().running).toBe(true);
    expect(await action.run(undefined)).toBeUndefined();
    gate.resolve("done");
    expect(await first).toBe("done");
    expect(action.get()).toEqual({ running: false, failure: undefined, result: "done" });
  });

  it("keeps the failure in words that a screen can show", async () => {
    const action = createAction(async (_: undefined) => {
      throw refusal("wrong_passphrase");
    });
    expect(await action.run(undefined)).toBeUndefined();
    expect(action.get()).toMatchObject({ running: false, failure: { code: "wrong_passphrase" } });
  });

  it("forgets what it was about when it is cancelled, also an answer that comes late", async () => {
    const gate = Promise.withResolvers<string>();
    let signal: AbortSignal | undefined;
    const action = createAction((_: undefined, given) => {
      signal = given;
      return gate.promise;
    });
    const run = action.run(undefined);
    action.cancel();
    gate.resolve("late");
    expect(await run).toBeUndefined();
    expect([signal?.aborted, action.get().result]).toEqual([true, undefined]);
  });
});

describe("the lists", () => {
  it("keep what was made while they were loading, whichever load ends first", async () => {
    const loads: ((items: SigningKey[]) => void)[] = [];
    const state = createKeysState(
      clientOf({
        "keys.list": () => new Promise((resolve) => loads.push((items) => resolve({ items }))),
        "trust.list": () => ({ items: [], revocations: [] }),
      }),
    );
    const before = state.refresh();
    loads[0]?.([key("one")]);
    await before;
    const overtaken = state.refresh();
    state.side.set({ kind: "key", id: "two" });
    const last = state.refresh();
    loads[1]?.([key("one")]);
    await overtaken;
    expect(state.side.get()).toEqual({ kind: "key", id: "two" });
    loads[2]?.([key("one"), key("two")]);
    await last;
    expect(state.side.get()).toEqual({ kind: "key", id: "two" });
  });

  it("show the active key first, and let go of a key that is gone", async () => {
    let items = [key("one"), key("two", { is_active: true })];
    const state = createKeysState(
      clientOf({ "keys.list": () => ({ items }), "trust.list": () => ({ items: [], revocations: [] }) }),
    );
    await state.refresh();
    expect(state.side.get()).toEqual({ kind: "key", id: "two" });
    state.side.set({ kind: "key", id: "one" });
    items = [key("two", { is_active: true })];
    await state.refresh();
    expect(state.side.get()).toEqual({ kind: "key", id: "two" });
  });

  it("leave a form open while they load again", async () => {
    const state = createKeysState(
      clientOf({ "keys.list": () => ({ items: [] }), "trust.list": () => ({ items: [], revocations: [] }) }),
    );
    state.side.set({ kind: "generate" });
    await state.refresh();
    expect(state.side.get()).toEqual({ kind: "generate" });
  });
});

describe("uploading a bundle", () => {
  it("sends parts in order and says how far it is", async () => {
    const bytes = new Uint8Array(2.5 * 2 ** 20).fill(7);
    const offsets: number[] = [];
    const shares: number[] = [];
    const client = clientOf({
      "bundles.upload": ({ offset, upload_id, part_b64 }) => {
        expect(upload_id).toBe(offset === 0 ? undefined : "u1");
        offsets.push(offset);
        return { upload_id: "u1", received: offset + Buffer.from(part_b64, "base64").byteLength };
      },
    });
    const { signal } = new AbortController();
    const onProgress = (share: number) => shares.push(share);
    expect(await uploadBundle(client, fileOf("b.tar.zst", bytes), { signal, onProgress })).toBe("u1");
    expect(offsets).toEqual([0, 2 ** 20, 2 * 2 ** 20]);
    expect(shares.at(-1)).toBe(1);
  });

  it("refuses an empty file before it asks the host", async () => {
    const { signal } = new AbortController();
    await expect(uploadBundle(clientOf({}), fileOf("b.tar.zst", ""), { signal })).rejects.toMatchObject({
      failure: { code: "file_empty" },
    });
  });
});

describe("the desk", () => {
  it.each([
    [["b.tar.zst", "b.tar.zst.SIGNATURE"], { bundle: "b.tar.zst", signature: "b.tar.zst.SIGNATURE" }],
    [
      ["SIGNATURE", "bundle.tar.zst", "trust.pem"],
      { bundle: "bundle.tar.zst", signature: "SIGNATURE", trust: "trust.pem" },
    ],
    [["notes.txt"], {}],
  ])("tells apart %j", (names, expected) => {
    const { bundle, signature, trust } = sortBundleFiles(names.map((name) => fileOf(name, "x")));
    const found = { bundle: bundle?.name, signature: signature?.name, trust: trust?.name };
    expect(JSON.parse(JSON.stringify(found))).toEqual(expected);
  });

  it("sends a file once, and again when the host has forgotten it", async () => {
    let uploads = 0;
    let isForgotten = false;
    const desk = createBundleDesk(
      clientOf({
        "bundles.upload": () => ({ upload_id: `u${++uploads}`, received: 1 }),
        "bundles.verify": ({ bundle }) => {
          if (isForgotten && "upload_id" in bundle && bundle.upload_id === "u1")
            throw refusal("upload_not_found");
          return {
            report: { verified: true, content_hash: "sha256:0", checks: [] },
            at: "2026-01-01T00:00:00.000Z",
            openssl: { command: "openssl", files: [] },
          };
        },
      }),
    );
    await desk.drop([fileOf("b.tar.zst", "x")]);
    await desk.verification.run({});
    await desk.verification.run({});
    expect(uploads).toBe(1);
    isForgotten = true;
    expect(await desk.verification.run({})).toBeDefined();
    expect([uploads, desk.get().progress]).toEqual([2, undefined]);
  });

  it("drops the old signature and the old report with a new bundle", async () => {
    const desk = createBundleDesk(clientOf({}));
    await desk.drop([fileOf("a.tar.zst", "x"), fileOf("a.tar.zst.SIGNATURE", "pem")]);
    expect(desk.get().signature?.text).toBe("pem");
    await desk.drop([fileOf("b.tar.zst", "x")]);
    expect(desk.get().signature).toBeUndefined();
  });
});

describe("command lines", () => {
  it("never hold a passphrase", () => {
    expect(importCommand("a b.p12", { passphrase: true, subject: "" })).toBe(
      `printf %s "$PASSPHRASE" | workbench keys import 'a b.p12' --passphrase-stdin`,
    );
    expect(exportCommand("k", "pkcs12")).toContain("--p12 -o k.p12 --passphrase-stdin");
  });

  it("say what the forms do", () => {
    const generated = { algorithm: "ed25519", subject: "CN=A, O=B" } as const;
    expect(generateCommand({ ...generated, kind: "authority", days: 10 })).toBe(
      "workbench keys generate --algorithm ed25519 --subject 'CN=A, O=B' --days 10 --authority",
    );
    expect(generateCommand({ ...generated, kind: "request", days: 10 })).toMatch(/ --csr$/);
    expect(trustAddCommand({ keyId: "k", tenants: ["t"], note: "x y" })).toBe(
      "workbench trust add --key k --tenant t --note 'x y'",
    );
    expect(revokeCommand({ by: "serial", value: "0a", reason: "lost" })).toBe(
      "workbench trust revoke --serial 0a --reason lost",
    );
    expect(verifyCommand({ fileName: "b.zst", signatureName: "b.zst.SIGNATURE" })).toBe(
      "workbench verify b.zst",
    );
  });
});

describe("expiry", () => {
  const now = Date.parse("2026-12-20T12:00:00Z");
  it.each([
    [{ validity: "valid" }, { tone: "plain", words: "in 11 days" }],
    [
      { validity: "expires_soon", not_after: "2026-12-20T15:00:00Z" },
      { tone: "warn", words: "in less than a day" },
    ],
    [
      { validity: "expired", not_after: "2026-05-31T00:00:00Z" },
      { tone: "bad", words: "expired 31 May 2026" },
    ],
    [
      { validity: "none", not_after: null },
      { tone: "plain", words: "no certificate" },
    ],
  ] as const)("of %j", (overrides, expected) => {
    expect(expiryOf(key("k", overrides), now)).toEqual(expected);
  });

  it("writes hex as other tools do", () => {
    expect([colonHex("abc"), colonHex("0a1b")]).toEqual(["0A:BC", "0A:1B"]);
  });
});
