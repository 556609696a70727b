/**
 * Answers kept under idempotency keys. Keys and requests are digests: neither can be read from here. The bodies are the
 * tenant's data, go with the install and otherwise after their time.
 */
export const idempotencySchema = `
CREATE TABLE extension_idempotency (
  key_digest BLOB PRIMARY KEY,
  install_id TEXT NOT NULL,
  request_digest BLOB NOT NULL,
  execution_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'answered', 'not_kept')),
  status INTEGER,
  headers TEXT,
  body BLOB,
  body_bytes INTEGER NOT NULL DEFAULT 0,
  -- Milliseconds since the epoch. Running: until when it belongs to the host that took it.
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX extension_idempotency_expiry ON extension_idempotency (expires_at);
CREATE INDEX extension_idempotency_install ON extension_idempotency (install_id, expires_at DESC, body_bytes);
CREATE TRIGGER extension_idempotency_uninstall AFTER DELETE ON tenant_extension_install BEGIN
  DELETE FROM extension_idempotency WHERE install_id = OLD.id;
END;
`;
