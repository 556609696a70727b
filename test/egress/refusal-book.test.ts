import { join } from "node:path";
import { expect, it } from "vitest";
import { MAX_REFUSED_TARGETS_AN_INSTALL } from "../../core/contract/egress-refusal.ts";
import { type ExecuteRequest, NO_USAGE } from "../../core/contract/execute.ts";
import { createRefusalBook, createWatchedRunner } from "../../core/egress/index.ts";
import { createLogger } from "../../core/platform/logger.ts";
import { openDatabase } from "../../core/store/index.ts";
import { insertInstall } from "../runner/support/install-row.ts";
import { tempFolder } from "../support/temp.ts";

const EXAMPLE = { host: "example.com", port: 443, rule: "host", count: 2 } as const;

const REQUEST: ExecuteRequest = {
  context: {
    request_id: "r",
    execution_id: "e",
    tenant_id: "tenant-a",
    extension_id: "registry",
    install_id: "install-a",
    version_id: "version",
    content_hash: "sha256:0",
    config: {},
  },
  http: { method: "GET", path: "/", query: "", headers: [] },
  limits: { timeout_ms: 1_000, memory_mb: 64, fuel: 1_000_000 },
  providers: [],
};

function openBook(file = join(tempFolder(), "workbench.sqlite")) {
  const database = openDatabase(file);
  let seconds = 0;
  const clock = { now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++)) };
  insertInstall(database, "install-a", "tenant-a");
  return { database, file, book: createRefusalBook({ database, clock }) };
}

it("counts a target once for each rule, the last time first, and survives a restart", () => {
  const { database, file, book } = openBook();
  book.add({ installId: "install-a", executionId: "e1" }, [
    EXAMPLE,
    { ...EXAMPLE, port: 8443, rule: "port" },
  ]);
  book.add({ installId: "install-a", executionId: "e2" }, [EXAMPLE]);
  database.close();
  const reopened = openBook(file);
  expect(reopened.book.list("install-a")).toEqual([
    {
      ...EXAMPLE,
      count: 4,
      first_at: "2026-01-01T00:00:00.000Z",
      last_at: "2026-01-01T00:00:01.000Z",
      last_execution_id: "e2",
    },
    {
      ...EXAMPLE,
      port: 8443,
      rule: "port",
      first_at: "2026-01-01T00:00:00.000Z",
      last_at: "2026-01-01T00:00:00.000Z",
      last_execution_id: "e1",
    },
  ]);
  reopened.database.close();
});

it("keeps the targets of the last time when there are too many, of this install alone", () => {
  const { database, book } = openBook();
  insertInstall(database, "install-b", "tenant-b");
  book.add({ installId: "install-b", executionId: "e" }, [EXAMPLE]);
  book.add({ installId: "install-a", executionId: "e" }, [EXAMPLE]);
  for (let call = 0; call < MAX_REFUSED_TARGETS_AN_INSTALL / 50; call++) {
    const refused = Array.from({ length: 50 }, (_, index) => ({ ...EXAMPLE, host: `${call}-${index}.test` }));
    book.add({ installId: "install-a", executionId: "e" }, refused);
  }
  const kept = book.list("install-a");
  expect(kept).toHaveLength(MAX_REFUSED_TARGETS_AN_INSTALL);
  expect(kept.some(({ host }) => host === EXAMPLE.host)).toBe(false);
  expect(book.list("install-b")).toHaveLength(1);
  database.close();
});

it("goes with the install, is forgotten when asked, and is not begun for one that is gone", () => {
  const { database, book } = openBook();
  book.add({ installId: "install-a", executionId: "e" }, [EXAMPLE]);
  expect([book.forget("install-a"), book.list("install-a")]).toEqual([1, []]);
  book.add({ installId: "install-a", executionId: "e" }, [EXAMPLE]);
  database.prepare("DELETE FROM tenant_extension_install WHERE id = 'install-a'").run();
  expect(book.list("install-a")).toEqual([]);
  book.add({ installId: "install-a", executionId: "e" }, [EXAMPLE]);
  expect(database.prepare("SELECT count(*) FROM extension_egress_refusal").pluck().get()).toBe(0);
  database.close();
});

it("takes a secret out of what a runner reports, and a full disk costs the list and not the answer", async () => {
  const added: unknown[] = [];
  const response = {
    status: 200,
    headers: [],
    usage: NO_USAGE,
    refused_egress: [{ ...EXAMPLE, host: "s3cret.test" }],
  };
  const watched = (add: () => void) =>
    createWatchedRunner({
      runner: { execute: async () => response },
      book: {
        add(_of, refused) {
          added.push(...refused);
          add();
        },
      },
      logger: createLogger("silent"),
      redact: (_installId, text) => text.replace("s3cret", "[secret k]"),
    });
  const full = () => {
    throw new Error("disk full");
  };
  const { refused_egress: _refused, ...answer } = response;
  expect(await watched(() => undefined).execute(REQUEST)).toEqual(answer);
  expect(await watched(full).execute(REQUEST)).toEqual(answer);
  expect(added).toEqual(Array(2).fill({ ...EXAMPLE, host: "[secret k].test" }));
});
