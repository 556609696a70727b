/**
 * Executions that have begun, until they end or somebody looks at the log. A row of the log is in seven indices; this one
 * is in none, is written before every call and removed after it.
 */
export const begunExecutionsSchema = `
CREATE TABLE extension_execution_begun (
  id TEXT PRIMARY KEY,
  started_at TEXT NOT NULL,
  host_pid INTEGER NOT NULL,
  -- JSON: what the log's row says of a call before it is dispatched.
  start TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
