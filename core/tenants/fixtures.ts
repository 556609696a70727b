import type { z } from "zod";
import {
  type FixtureDocument,
  fixtureDocumentSchema,
  fixtureUsersSchema,
  MAX_FIXTURE_BYTES,
} from "../contract/fixtures.ts";
import type { Database } from "../store/index.ts";
import { TenantError } from "./errors.ts";

const { $schema: _editors, ...SECTIONS } = fixtureDocumentSchema.shape;
type Section = keyof typeof SECTIONS;
const SECTION_NAMES = Object.keys(SECTIONS) as Section[]; // keys of a literal: no others exist

/** A file that describes a whole tenant: its business data and the people who become personas. */
export const tenantFileSchema = fixtureDocumentSchema.extend({ users: fixtureUsersSchema });
export type TenantFile = z.output<typeof tenantFileSchema>;

export interface Fixtures {
  /** What the tenant's host functions answer from; empty where nothing was ever set. */
  get(tenantId: string): FixtureDocument;
  /** Replaces all of it, at once for every call to come. `data` is untrusted. Errors: `fixture_invalid` with every problem and its path. */
  set(tenantId: string, data: unknown): FixtureDocument;
}

/** Owns `fixture`: one row a section of the document. */
export function createFixtures(database: Database): Fixtures {
  const read = database.prepare<[string], { kind: string; data: string }>(
    "SELECT kind, data FROM fixture WHERE tenant_id = ? ORDER BY kind",
  );
  const write = database.prepare(
    "INSERT INTO fixture (tenant_id, kind, data) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET data = excluded.data",
  );
  // Every host call reads the document, and judging ten thousand clients takes longer than comparing their text.
  const known = new Map<string, { text: string; document: FixtureDocument }>();

  const replace = database.transaction((tenantId: string, document: FixtureDocument): void => {
    for (const name of SECTION_NAMES) write.run(tenantId, name, JSON.stringify(document[name]));
  });

  return {
    get(tenantId) {
      const rows = read.all(tenantId).filter(({ kind }) => Object.hasOwn(SECTIONS, kind));
      const text = rows.map(({ kind, data }) => `${JSON.stringify(kind)}:${data}`).join(",");
      const cached = known.get(tenantId);
      if (cached?.text === text) return cached.document;
      const document = parse(JSON.parse(`{${text}}`));
      known.set(tenantId, { text, document });
      return document;
    },
    set(tenantId, data) {
      const document = parse(data);
      const bytes = Buffer.byteLength(JSON.stringify(document));
      if (bytes > MAX_FIXTURE_BYTES) {
        throw new TenantError({
          code: "fixture_invalid",
          message: "The fixtures are too large.",
          details: { expected: `at most ${MAX_FIXTURE_BYTES} bytes`, actual: bytes },
        });
      }
      replace.immediate(tenantId, document);
      return document;
    },
  };
}

function parse(data: unknown): FixtureDocument {
  const parsed = fixtureDocumentSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new TenantError({
    code: "fixture_invalid",
    message: "The fixtures are not usable.",
    details: {
      problems: parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
    },
  });
}
