/** What the egress guard refused an install, one row a target and rule. Goes with the install. */
export const egressRefusalsSchema = `
CREATE TABLE extension_egress_refusal (
  install_id TEXT NOT NULL,
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  rule TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  last_execution_id TEXT NOT NULL,
  PRIMARY KEY (install_id, host, port, rule)
) STRICT, WITHOUT ROWID;
CREATE INDEX extension_egress_refusal_last ON extension_egress_refusal (install_id, last_at DESC);
CREATE TRIGGER extension_egress_refusal_uninstall AFTER DELETE ON tenant_extension_install BEGIN
  DELETE FROM extension_egress_refusal WHERE install_id = OLD.id;
END;
`;
