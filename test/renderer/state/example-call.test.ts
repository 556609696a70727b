import { expect, it } from "vitest";
import { exampleSchedule } from "../../../renderer/state/automation/command-lines.ts";
import { exampleCommand, exampleOf } from "../../../renderer/state/example-call.ts";
import { installOfTest } from "../installs.ts";

const first = installOfTest();
const other = installOfTest({ install_id: "install-2", extension_name: "com.acme.other", tenant_id: "t-2" });
const handlerless = installOfTest({
  install_id: "install-3",
  manifest: { ...first.manifest, api: undefined },
});

it("calls the chosen install, and the first that can be called where the chosen one cannot", () => {
  expect(exampleOf([handlerless, first, other], "install-2")?.install).toBe(other);
  expect(exampleOf([handlerless, first, other], "install-3")?.install).toBe(first);
  expect(exampleOf([{ ...first, enabled: false }, other], undefined)?.install).toBe(other);
  expect(exampleOf([handlerless], undefined)).toBeUndefined();
});

it("names the tenant only where the command would choose another one", () => {
  const endpoint = { method: "GET", path: "/items", handler: "dist/main" } as const;
  expect(exampleCommand({ install: first, endpoint }, "tenant-1")).toBe(
    "workbench invoke com.acme.tickets GET /items",
  );
  expect(exampleCommand({ install: other, endpoint }, "tenant-1")).toBe(
    "workbench invoke com.acme.other GET /items --tenant t-2",
  );
});

it("schedules an endpoint that is there", () => {
  expect(exampleSchedule(exampleOf([other], undefined))).toBe(
    "workbench schedules create com.acme.other --endpoint 'GET /items' --cron '0 9 * * 1-5' --tenant t-2",
  );
  expect(exampleSchedule(undefined)).toContain("com.acme.hello");
});
