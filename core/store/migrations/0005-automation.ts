/** Schedules that run and events that are delivered. Leases are how two hosts over one home share the work. */
export const automationSchema = `
ALTER TABLE extension_schedule ADD COLUMN missed TEXT NOT NULL DEFAULT 'run_once' CHECK (missed IN ('run_once', 'skip'));
-- The next occurrence. Whoever moves it on first has claimed that occurrence. NULL while the schedule is disabled.
ALTER TABLE extension_schedule ADD COLUMN next_run_at TEXT;
ALTER TABLE extension_schedule ADD COLUMN last_execution_id TEXT;
ALTER TABLE extension_schedule ADD COLUMN updated_at TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX extension_schedule_name ON extension_schedule (install_id, name) WHERE name IS NOT NULL;
CREATE INDEX extension_schedule_install ON extension_schedule (install_id);
CREATE INDEX extension_schedule_due ON extension_schedule (next_run_at) WHERE next_run_at IS NOT NULL;

CREATE TABLE extension_schedule_run (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  schedule_id TEXT NOT NULL REFERENCES extension_schedule (id) ON DELETE CASCADE,
  trigger TEXT NOT NULL CHECK (trigger IN ('cron', 'missed', 'manual')),
  due_at TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  outcome TEXT NOT NULL CHECK (outcome IN ('running', 'succeeded', 'failed', 'skipped', 'interrupted')),
  status INTEGER,
  code TEXT,
  error TEXT,
  execution_id TEXT,
  -- Renewed by the host that runs it; a running row past its lease belongs to nobody any more.
  lease_until TEXT
) STRICT;
CREATE INDEX extension_schedule_run_schedule ON extension_schedule_run (schedule_id, seq);
CREATE INDEX extension_schedule_run_running ON extension_schedule_run (schedule_id) WHERE outcome = 'running';

CREATE TABLE extension_event (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant_id TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
  topic TEXT NOT NULL,
  data TEXT NOT NULL,
  published_at TEXT NOT NULL
) STRICT;
CREATE INDEX extension_event_published ON extension_event (published_at);

CREATE TABLE extension_event_delivery (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  event_id TEXT NOT NULL REFERENCES extension_event (id) ON DELETE CASCADE,
  install_id TEXT NOT NULL REFERENCES tenant_extension_install (id) ON DELETE CASCADE,
  handler TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivering', 'delivered', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  -- Pending: when it is due. Delivering: until when it belongs to the host that took it.
  next_at TEXT,
  last_error TEXT,
  last_execution_id TEXT,
  created_at TEXT NOT NULL,
  finished_at TEXT,
  UNIQUE (event_id, install_id, handler)
) STRICT;
CREATE INDEX extension_event_delivery_due ON extension_event_delivery (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX extension_event_delivery_dead ON extension_event_delivery (seq) WHERE state = 'dead';
CREATE INDEX extension_event_delivery_install ON extension_event_delivery (install_id);

CREATE TABLE extension_event_attempt (
  seq INTEGER PRIMARY KEY,
  delivery_id TEXT NOT NULL REFERENCES extension_event_delivery (id) ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  status INTEGER,
  code TEXT,
  error TEXT,
  execution_id TEXT
) STRICT;
CREATE INDEX extension_event_attempt_delivery ON extension_event_attempt (delivery_id, seq);
`;
