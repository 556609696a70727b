/**
 * Times are ISO 8601 text in UTC with milliseconds, so that they sort as text.
 * JSON columns hold JSON text; sealed columns hold bytes that only the host's secret box opens.
 */
export const initialSchema = `
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE tenant (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  is_development INTEGER NOT NULL DEFAULT 0 CHECK (is_development IN (0, 1)),
  unsigned_policy TEXT NOT NULL DEFAULT 'refuse' CHECK (unsigned_policy IN ('refuse', 'allow')),
  limits TEXT NOT NULL DEFAULT '{}',
  created_at TEXT NOT NULL,
  CHECK (unsigned_policy = 'refuse' OR is_development = 1)
) STRICT;

CREATE TABLE persona (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  user TEXT NOT NULL,
  UNIQUE (tenant_id, name)
) STRICT;

CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  persona_id TEXT NOT NULL REFERENCES persona (id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL UNIQUE,
  sealed BLOB NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE fixture (
  tenant_id TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (tenant_id, kind)
) STRICT;

CREATE TABLE extension_registry (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  publisher TEXT NOT NULL,
  display_name TEXT,
  description TEXT,
  deprecated_at TEXT,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE extension_bundle (
  content_hash TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  signature TEXT,
  signer_subject TEXT,
  signer_fingerprint TEXT,
  sbom_path TEXT,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE extension_version (
  id TEXT PRIMARY KEY,
  registry_id TEXT NOT NULL REFERENCES extension_registry (id) ON DELETE CASCADE,
  version TEXT NOT NULL,
  content_hash TEXT NOT NULL REFERENCES extension_bundle (content_hash),
  manifest TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'valid' CHECK (status IN ('valid', 'invalid', 'deprecated')),
  invalid_code TEXT,
  verification TEXT NOT NULL,
  -- Kept apart from status, so that a deprecated version that fails and recovers is deprecated again.
  deprecated_at TEXT,
  -- Whose trust judged it first. No foreign key: the version outlives the tenant.
  published_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (registry_id, version)
) STRICT;
CREATE INDEX extension_version_hash ON extension_version (content_hash);

-- Objects seen without a bundle row (a publish that was killed), removed when still unused after a grace period.
CREATE TABLE extension_object_orphan (content_hash TEXT PRIMARY KEY, seen_at TEXT NOT NULL) STRICT;

CREATE TABLE tenant_extension_install (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  registry_id TEXT NOT NULL REFERENCES extension_registry (id),
  version_id TEXT NOT NULL REFERENCES extension_version (id),
  granted_capabilities TEXT NOT NULL,
  egress_allowlist TEXT NOT NULL DEFAULT '[]',
  limits TEXT NOT NULL DEFAULT '{}',
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  -- Trust may be a tenant's own: a version can fail for one tenant and stand for the others.
  invalid_code TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (tenant_id, registry_id)
) STRICT;
CREATE INDEX tenant_extension_install_version ON tenant_extension_install (version_id);

CREATE TABLE tenant_extension_install_config (
  install_id TEXT NOT NULL REFERENCES tenant_extension_install (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (install_id, key)
) STRICT;

CREATE TABLE tenant_extension_install_secrets (
  install_id TEXT NOT NULL REFERENCES tenant_extension_install (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  sealed BLOB NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (install_id, key)
) STRICT;

CREATE TABLE extension_event_subscription (
  id TEXT PRIMARY KEY,
  install_id TEXT NOT NULL REFERENCES tenant_extension_install (id) ON DELETE CASCADE,
  topic TEXT NOT NULL,
  handler TEXT NOT NULL,
  UNIQUE (install_id, topic, handler)
) STRICT;

CREATE TABLE extension_storage (
  install_id TEXT NOT NULL REFERENCES tenant_extension_install (id) ON DELETE CASCADE,
  namespace TEXT NOT NULL,
  key TEXT NOT NULL,
  value BLOB NOT NULL,
  revision INTEGER NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (install_id, namespace, key)
) STRICT;

CREATE TABLE extension_schedule (
  id TEXT PRIMARY KEY,
  install_id TEXT NOT NULL REFERENCES tenant_extension_install (id) ON DELETE CASCADE,
  endpoint_method TEXT NOT NULL,
  endpoint_path TEXT NOT NULL,
  name TEXT,
  cron TEXT NOT NULL,
  timezone TEXT NOT NULL DEFAULT 'UTC',
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  payload TEXT,
  last_run_at TEXT,
  last_run_status TEXT,
  last_error TEXT,
  created_at TEXT NOT NULL
) STRICT;

-- No foreign keys: the record of what happened outlives what it happened to.
CREATE TABLE extension_execution_log (
  id TEXT PRIMARY KEY,
  request_id TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  extension_id TEXT NOT NULL,
  extension_name TEXT NOT NULL,
  version_id TEXT NOT NULL,
  install_id TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('running', 'succeeded', 'refused', 'failed', 'interrupted')),
  status INTEGER,
  code TEXT,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  duration_ms REAL,
  memory_bytes INTEGER,
  fuel INTEGER,
  egress_bytes INTEGER,
  host_calls INTEGER,
  log_lines INTEGER,
  trace TEXT NOT NULL DEFAULT '[]',
  host_pid INTEGER NOT NULL
) STRICT;
CREATE INDEX extension_execution_log_started ON extension_execution_log (started_at DESC, id DESC);
CREATE INDEX extension_execution_log_request ON extension_execution_log (request_id);
CREATE INDEX extension_execution_log_running ON extension_execution_log (outcome) WHERE outcome = 'running';

CREATE TABLE extension_log_event (
  id INTEGER PRIMARY KEY,
  ts TEXT NOT NULL,
  level TEXT NOT NULL,
  stream TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  extension_id TEXT NOT NULL,
  install_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  version_id TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  message TEXT NOT NULL,
  truncated INTEGER NOT NULL CHECK (truncated IN (0, 1))
) STRICT;
CREATE INDEX extension_log_event_request ON extension_log_event (request_id);
CREATE INDEX extension_log_event_extension ON extension_log_event (extension_id, id);

CREATE TABLE extension_quota_usage (
  tenant_id TEXT NOT NULL,
  extension_id TEXT NOT NULL,
  install_id TEXT NOT NULL,
  window_start TEXT NOT NULL,
  invocations INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0,
  duration_ms REAL NOT NULL DEFAULT 0,
  memory_ms REAL NOT NULL DEFAULT 0,
  fuel INTEGER NOT NULL DEFAULT 0,
  egress_bytes INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (install_id, window_start)
) STRICT;

CREATE TABLE signing_key (
  id TEXT PRIMARY KEY,
  algorithm TEXT NOT NULL,
  subject TEXT NOT NULL,
  fingerprint_sha256 TEXT,
  not_after TEXT,
  is_ca INTEGER NOT NULL DEFAULT 0 CHECK (is_ca IN (0, 1)),
  issuer_key_id TEXT REFERENCES signing_key (id),
  certificate_chain TEXT NOT NULL DEFAULT '',
  public_key TEXT NOT NULL,
  private_key_sealed BLOB NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE trust_entry (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('certificate', 'public_key')),
  pem TEXT NOT NULL,
  fingerprint_sha256 TEXT NOT NULL,
  subject TEXT,
  tenants TEXT,
  note TEXT,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE trust_revocation (
  revoked_by TEXT NOT NULL CHECK (revoked_by IN ('fingerprint', 'serial')),
  value TEXT NOT NULL,
  revoked_at TEXT NOT NULL,
  reason TEXT,
  PRIMARY KEY (revoked_by, value)
) STRICT;
`;
