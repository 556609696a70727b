import type { EventFilter } from "../contract/event.ts";
import type { Database } from "../store/index.ts";

export interface EventRow {
  readonly seq: number;
  readonly id: string;
  readonly tenant_id: string;
  readonly topic: string;
  readonly published_at: string;
  readonly data_bytes: number;
}

const COLUMNS = "seq, id, tenant_id, topic, published_at, octet_length(data) AS data_bytes";

/** Owns `extension_event`. Synchronous, joins the caller's transaction. */
export type EventRepository = ReturnType<typeof createEventRepository>;

export function createEventRepository(database: Database) {
  const sql = {
    page: database.prepare<
      [{ tenant: string | null; topic: string | null; cursor: number | null; limit: number }],
      EventRow
    >(
      `SELECT ${COLUMNS} FROM extension_event
       WHERE (@cursor IS NULL OR seq < @cursor) AND (@tenant IS NULL OR tenant_id = @tenant)
         AND (@topic IS NULL OR topic = @topic)
       ORDER BY seq DESC LIMIT @limit`,
    ),
    byId: database.prepare<[string], EventRow>(`SELECT ${COLUMNS} FROM extension_event WHERE id = ?`),
    data: database.prepare<[string], string>("SELECT data FROM extension_event WHERE id = ?").pluck(),
    add: database.prepare(
      "INSERT INTO extension_event (id, tenant_id, topic, data, published_at) VALUES (@id, @tenant_id, @topic, @data, @published_at)",
    ),
    // What is still under way and the dead letters, which wait for a person, stay whatever their age.
    prune: database.prepare(
      `DELETE FROM extension_event WHERE published_at < ? AND NOT EXISTS (
         SELECT 1 FROM extension_event_delivery d WHERE d.event_id = extension_event.id AND d.state <> 'delivered')`,
    ),
  };
  return {
    page: ({ tenant_id, topic, cursor, limit }: EventFilter): EventRow[] =>
      sql.page.all({ tenant: tenant_id ?? null, topic: topic ?? null, cursor: cursor ?? null, limit }),
    get: (id: string): EventRow | undefined => sql.byId.get(id),
    /** JSON text. */
    data: (id: string): string => sql.data.get(id) ?? "null",
    add: (row: Pick<EventRow, "id" | "tenant_id" | "topic" | "published_at"> & { data: string }) =>
      void sql.add.run(row),
    prune: (before: string) => void sql.prune.run(before),
  };
}
