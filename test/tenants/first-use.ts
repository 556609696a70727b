import { join } from "node:path";
import { systemClock } from "../../core/platform/clock.ts";
import { createFileKeyBox } from "../../core/platform/file-key-box.ts";
import { randomIds } from "../../core/platform/ids.ts";
import { openDatabase } from "../../core/store/index.ts";
import { createTenants } from "../../core/tenants/index.ts";

// A process that opens a home, perhaps for the first time, and says whom it found there.
const [home = ""] = process.argv.slice(2);
const database = openDatabase(join(home, "workbench.sqlite"));
const box = createFileKeyBox(join(home, "box.key"));
const tenants = createTenants({ database, box, clock: systemClock, ids: randomIds });
const tenant = tenants.ensureDefault();
process.stdout.write(`${tenant.id} ${tenants.apiKeyOf(tenant.id)}`);
