import { expect, it } from "vitest";
import type { Schedule } from "../../../core/contract/schedule.ts";
import {
  createCommand,
  onSchedule,
  publishCommand,
  updateCommand,
} from "../../../renderer/state/automation/command-lines.ts";
import {
  changesBetween,
  draftOf,
  fieldsOf,
  NEW_SCHEDULE,
} from "../../../renderer/state/automation/schedule-draft.ts";

const schedule: Schedule = {
  id: "s-1",
  tenant_id: "t-1",
  install_id: "i-1",
  extension_name: "com.acme.hello",
  endpoint: "POST /sync",
  name: "nightly",
  cron: "0 9 * * *",
  description: "At 09:00",
  timezone: "UTC",
  enabled: true,
  install_enabled: true,
  missed: "run_once",
  payload: "{}",
  next_runs: [],
  created_at: "",
  updated_at: "",
};

it("sends only what was changed, and no payload as the JSON null", () => {
  const before = draftOf(schedule);
  expect(changesBetween(before, before)).toEqual({});
  const changes = changesBetween(before, { ...before, cron: "0 8 * * *", payload: "" });
  expect(fieldsOf(changes)).toEqual({ cron: "0 8 * * *", payload: "null" });
  expect(fieldsOf({ cron: "0 8 * * *" })).toEqual({ cron: "0 8 * * *" });
});

it("says the command line of each action, quoted for a shell", () => {
  expect(
    createCommand(
      { name: "com.acme.hello", tenantId: "t-1" },
      { ...NEW_SCHEDULE, endpoint: "GET /x", enabled: false },
    ),
  ).toBe(
    "workbench schedules create com.acme.hello --endpoint 'GET /x' --cron '0 9 * * 1-5' --timezone UTC --missed run_once --disable --tenant t-1",
  );
  expect(updateCommand(schedule, { name: "", payload: "", enabled: true })).toBe(
    "workbench schedules update com.acme.hello nightly --name '' --payload null --enable --tenant t-1",
  );
  expect(onSchedule("run", { ...schedule, name: undefined })).toBe(
    "workbench schedules run com.acme.hello s-1 --tenant t-1",
  );
  expect(publishCommand("a.b", '{"x":1}', "t-1")).toBe(
    "workbench event publish a.b --data '{\"x\":1}' --tenant t-1",
  );
});
