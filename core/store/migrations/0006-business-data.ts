/** Invoices that extensions have made, and what they have measured of themselves. */
export const businessDataSchema = `
CREATE TABLE invoice (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  document TEXT NOT NULL,
  UNIQUE (tenant_id, number)
) STRICT;

CREATE TABLE extension_metric (
  install_id TEXT NOT NULL REFERENCES tenant_extension_install (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  labels TEXT NOT NULL,
  kind TEXT NOT NULL,
  value REAL NOT NULL,
  samples INTEGER NOT NULL,
  minimum REAL NOT NULL,
  maximum REAL NOT NULL,
  buckets TEXT,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (install_id, name, labels)
) STRICT;
`;
