import { writeSync } from "node:fs";
import { systemClock } from "../../core/platform/clock.ts";
import { interceptObjects, openWorkshop } from "./workshop.ts";

// A process that publishes, installs, updates and uninstalls until it is killed, and says each step that it takes.
const [home = "", name = "", keyId = ""] = process.argv.slice(2);
const say = (step: string) => void writeSync(1, `${step}\n`);
const { registry, tenants, publish } = openWorkshop(home, {
  clock: systemClock,
  objects: (real) => interceptObjects(real, say),
});
const tenantId = tenants.ensureDefault().id;
const target = { ref: name, tenantId };
const settings = { config: { a: "1", b: "2" }, secrets: { k: "v" } };
const manifest = { name, version: "1.0.*", events: [{ topic: "t", handler: "h" }] };

for (;;) {
  await publish(manifest, keyId, tenantId);
  say("published");
  if (registry.resolveInstall(tenantId, name) === undefined)
    await registry.install({ ...target, ...settings });
  say("installed");
  await publish(manifest, keyId, tenantId);
  await registry.update({ ...target, config: { a: null, c: "3" } });
  say("updated");
  registry.uninstall(target);
  say("uninstalled");
}
