/**
 * The log's indices in the order in which rows come, so that a new row goes to the end and fills its page. Newest first, each
 * page was split in the middle, and pages and commits were a fifth more. SQLite reads an index backwards at the same cost.
 */
export const executionOrderSchema = `
DROP INDEX extension_execution_log_started;
DROP INDEX extension_execution_log_request;
DROP INDEX extension_execution_log_kind;
DROP INDEX extension_execution_log_path;
CREATE INDEX extension_execution_log_started ON extension_execution_log (started_at, id);
CREATE INDEX extension_execution_log_request ON extension_execution_log (request_id, started_at, id);
CREATE INDEX extension_execution_log_kind ON extension_execution_log (kind_id, started_at, id);
CREATE INDEX extension_execution_log_path ON extension_execution_log (path_id, started_at, id);
`;
