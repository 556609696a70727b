import { expect, it } from "vitest";
import { packArchive } from "../../core/bundle/index.ts";
import { EXTENSION_NAME } from "./page-host.ts";
import { describePage } from "./page-suite.ts";
import { VISITS } from "./screen-visits.ts";

const LISTENER = "com.acme.listener";

describePage(
  "schedules and events",
  (suite) => {
    /** It has nothing that could answer, so what is delivered to it is given up at once. */
    async function installListener(): Promise<void> {
      const { workbench, developmentKey } = suite.host;
      const tenantId = workbench.tenantId(undefined);
      // By a first try of the same test.
      if (workbench.registry.resolveInstall(tenantId, LISTENER) !== undefined) return;
      const manifest = {
        name: LISTENER,
        version: "1.0.0",
        runtime: "wasm-js@1",
        ui: { type: "iframe", entry: "ui/index.html" },
        events: [{ topic: "page.made", handler: "onMade" }],
      };
      const archive = await packArchive([
        { path: "manifest.json", bytes: Buffer.from(JSON.stringify(manifest)) },
        { path: "ui/index.html", bytes: Buffer.from("<!doctype html><title>Listener</title>") },
      ]);
      const { signature } = await workbench.sign(archive, developmentKey.id);
      const { registry_id, version } = await workbench.registry.publish({ archive, signature, tenantId });
      await workbench.registry.install({ ref: registry_id, tenantId, version });
    }

    async function open() {
      const opened = await suite.open("Quotas");
      await VISITS.automation(opened.page);
      return opened;
    }

    it("makes a schedule, runs it now, and leads to the execution with its decisions", async () => {
      const { page, complaints } = await open();
      await page.getByRole("button", { name: "New…" }).click();
      const form = page.getByRole("form", { name: "New schedule" });
      await page.getByLabel("Install").selectOption({ label: EXTENSION_NAME });
      await form.getByLabel("Endpoint").fill("GET /items");
      await form.getByLabel("Cron expression").fill("30 2 * * *");
      // Names are unique for an install, and a test may be tried again.
      await form.getByLabel("Name").fill(`nightly ${new Date().toISOString()}`);
      await form.getByRole("button", { name: "Make the schedule" }).click();

      await page.getByRole("button", { name: "Run now" }).click();
      const runs = page.getByRole("table", { name: "Runs" });
      await runs.getByText("✓ succeeded").waitFor();
      await runs.getByText("by hand").waitFor();
      await page.getByText(/^workbench schedules run com\.acme\.page-test /).waitFor();
      await runs.getByRole("button", { name: /^Open the execution/ }).click();
      await page
        .getByText(/system:scheduler/)
        .first()
        .waitFor();
      expect(complaints).toEqual([]);
    });

    it("publishes an event, shows why it became a dead letter, and redelivers it", async () => {
      await installListener();
      const { page, complaints } = await open();
      await page.getByRole("tab", { name: "Events" }).click();
      const form = page.getByRole("form", { name: "Publish an event" });
      await form.getByLabel("Topic").fill("page.made");
      await form.getByText(`Delivered to ${LISTENER}.`).waitFor();
      await form.getByRole("button", { name: "Publish", exact: true }).click();

      await page.getByRole("tab", { name: /^Events, \d+ dead$/ }).waitFor();
      await page.getByRole("radio", { name: "dead letters" }).check({ force: true });
      const letter = page.getByRole("region", { name: /^Delivery of page\.made/ }).first();
      await letter.getByText("✕ dead letter").waitFor();
      const attempts = letter.getByRole("table").locator("tbody tr");
      const before = await attempts.count();
      await letter.getByRole("button", { name: /^Redeliver page\.made/ }).click();
      await expect.poll(() => attempts.count(), { timeout: 20_000 }).toBeGreaterThan(before);
      await letter.getByText(/^workbench event redeliver /).waitFor();
      expect(complaints).toEqual([]);
    });
  },
  { withExtension: true },
);
