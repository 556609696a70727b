/**
 * One journal an execution, as one value: it is written once and read as a whole, and a row a host call would be
 * a hundred times the rows. JSON text, compressed with zstd where that pays. No foreign key, as with every record.
 */
export const hostCallsSchema = `
CREATE TABLE extension_host_call (
  execution_id TEXT PRIMARY KEY,
  started_at TEXT NOT NULL,
  recording BLOB NOT NULL
) STRICT;
CREATE INDEX extension_host_call_started ON extension_host_call (started_at);

ALTER TABLE extension_execution_log ADD COLUMN guest_ms REAL;
ALTER TABLE extension_execution_log ADD COLUMN host_ms REAL;
`;
