/** Usage by windows of every kind, durations as a histogram, quota profiles and who is set to which. */
export const quotasSchema = `
CREATE TABLE extension_quota_usage_new (
  tenant_id TEXT NOT NULL,
  extension_id TEXT NOT NULL,
  install_id TEXT NOT NULL,
  window_kind TEXT NOT NULL CHECK (window_kind IN ('minute', 'hour', 'day', 'month')),
  window_start TEXT NOT NULL,
  invocations INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  duration_ms REAL NOT NULL DEFAULT 0,
  cpu_ms REAL NOT NULL DEFAULT 0,
  memory_ms REAL NOT NULL DEFAULT 0,
  fuel INTEGER NOT NULL DEFAULT 0,
  egress_bytes INTEGER NOT NULL DEFAULT 0,
  peak_in_flight INTEGER NOT NULL DEFAULT 0,
  peak_memory_bytes INTEGER NOT NULL DEFAULT 0,
  peak_fuel INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (install_id, window_kind, window_start)
) STRICT, WITHOUT ROWID;

INSERT INTO extension_quota_usage_new (tenant_id, extension_id, install_id, window_kind, window_start, invocations,
  errors, duration_ms, cpu_ms, memory_ms, fuel, egress_bytes)
SELECT tenant_id, extension_id, install_id, kind, start, sum(invocations), sum(errors), sum(duration_ms),
  sum(duration_ms), sum(memory_ms), sum(fuel), sum(egress_bytes)
FROM (
  SELECT *, 'minute' AS kind, window_start AS start FROM extension_quota_usage
  UNION ALL SELECT *, 'hour', substr(window_start, 1, 13) || ':00:00.000Z' FROM extension_quota_usage
  UNION ALL SELECT *, 'day', substr(window_start, 1, 10) || 'T00:00:00.000Z' FROM extension_quota_usage
  UNION ALL SELECT *, 'month', substr(window_start, 1, 7) || '-01T00:00:00.000Z' FROM extension_quota_usage
)
GROUP BY install_id, kind, start;

DROP TABLE extension_quota_usage;
ALTER TABLE extension_quota_usage_new RENAME TO extension_quota_usage;
CREATE INDEX extension_quota_usage_tenant ON extension_quota_usage (tenant_id, window_kind, window_start);
CREATE INDEX extension_quota_usage_extension ON extension_quota_usage (extension_id, window_kind, window_start);

-- How long calls took, a minute at a time, in classes whose bounds grow by a constant factor.
CREATE TABLE extension_duration_histogram (
  install_id TEXT NOT NULL,
  window_start TEXT NOT NULL,
  class INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  PRIMARY KEY (install_id, window_start, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE quota_profile (name TEXT PRIMARY KEY, limits TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT;

-- No foreign key to the profile: the built-in ones have no row.
CREATE TABLE quota_setting (
  scope TEXT NOT NULL CHECK (scope IN ('install', 'extension', 'tenant')),
  id TEXT NOT NULL,
  profile TEXT,
  shared TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER quota_setting_of_install AFTER DELETE ON tenant_extension_install
  BEGIN DELETE FROM quota_setting WHERE scope = 'install' AND id = OLD.id; END;
CREATE TRIGGER quota_setting_of_extension AFTER DELETE ON extension_registry
  BEGIN DELETE FROM quota_setting WHERE scope = 'extension' AND id = OLD.id; END;
CREATE TRIGGER quota_setting_of_tenant AFTER DELETE ON tenant
  BEGIN DELETE FROM quota_setting WHERE scope = 'tenant' AND id = OLD.id; END;
`;
