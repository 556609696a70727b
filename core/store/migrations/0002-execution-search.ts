/**
 * What finds executions among millions. A kind is one combination of what a filter may ask for: there are few, however
 * many rows there are, so that each combination of filters is a merge of few ranges of one index. Paths are kept once
 * and are searched by the trigrams of the different ones. `revision` counts changes of rows, for readers that follow.
 */
export const executionSearchSchema = `
CREATE TABLE extension_execution_kind (
  id INTEGER PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  -- Of what resolved to an install; empty otherwise, or a caller's inventions would make kinds without end.
  extension_id TEXT NOT NULL,
  extension_name TEXT NOT NULL,
  install_id TEXT NOT NULL,
  version_id TEXT NOT NULL,
  outcome TEXT NOT NULL,
  code TEXT NOT NULL,
  status INTEGER NOT NULL,
  UNIQUE (install_id, version_id, outcome, code, status, tenant_id, extension_id, extension_name)
) STRICT;

CREATE TABLE extension_execution_path (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE) STRICT;
CREATE VIRTUAL TABLE extension_execution_path_text USING fts5 (
  path, content = 'extension_execution_path', content_rowid = 'id', tokenize = 'trigram', detail = 'none'
);

ALTER TABLE extension_execution_log ADD COLUMN kind_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE extension_execution_log ADD COLUMN path_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE extension_execution_log ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

INSERT OR IGNORE INTO extension_execution_kind
  (tenant_id, extension_id, extension_name, install_id, version_id, outcome, code, status)
  SELECT tenant_id, iif(install_id = '', '', extension_id), extension_name, install_id, version_id, outcome,
    ifnull(code, ''), ifnull(status, 0)
  FROM extension_execution_log;
INSERT OR IGNORE INTO extension_execution_path (path) SELECT path FROM extension_execution_log;
INSERT INTO extension_execution_path_text (extension_execution_path_text) VALUES ('rebuild');
UPDATE extension_execution_log AS log SET
  revision = rowid,
  path_id = (SELECT id FROM extension_execution_path AS known WHERE known.path = log.path),
  kind_id = (
    SELECT id FROM extension_execution_kind AS kind
    WHERE kind.install_id = log.install_id AND kind.version_id = log.version_id AND kind.outcome = log.outcome
      AND kind.code = ifnull(log.code, '') AND kind.status = ifnull(log.status, 0) AND kind.tenant_id = log.tenant_id
      AND kind.extension_id = iif(log.install_id = '', '', log.extension_id)
      AND kind.extension_name = log.extension_name
  );

CREATE INDEX extension_execution_log_kind ON extension_execution_log (kind_id, started_at DESC, id DESC);
CREATE INDEX extension_execution_log_path ON extension_execution_log (path_id, started_at DESC, id DESC);
CREATE INDEX extension_execution_log_revision ON extension_execution_log (revision);
DROP INDEX extension_execution_log_request;
CREATE INDEX extension_execution_log_request ON extension_execution_log (request_id, started_at DESC, id DESC);
`;
