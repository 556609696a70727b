import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SettingsPort } from "../../core/host/index.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import { createLogger } from "../../core/platform/logger.ts";
import { createWindowSettings } from "../../core/window/settings.ts";
import { ensureDevelopmentKey } from "../../core/wiring/development-key.ts";
import { localUploadKeyId } from "../../core/wiring/local-uploads.ts";
import { openWorkbench, type Workbench } from "../../core/workbench.ts";
import { suiteFolder } from "../support/temp.ts";

describe("the settings of the window", () => {
  const home = suiteFolder();
  let workbench: Workbench;
  let settings: SettingsPort;
  let keyId: string;

  beforeAll(async () => {
    const environment = readEnvironment(
      { WORKBENCH_PASSPHRASE: "correct horse", EXT_GATEWAY_TIMEOUT_MS: "1234" },
      process.platform,
      { home },
    );
    workbench = await openWorkbench({ environment, logger: createLogger("silent") });
    const key = await ensureDevelopmentKey({
      keystore: workbench.keystore,
      trust: workbench.trust,
      settings: workbench.settings,
      tenantId: workbench.tenantId(undefined),
      now: workbench.clock.now(),
    });
    keyId = key.id;
    settings = createWindowSettings(workbench, "1.2.3");
  });

  afterAll(async () => {
    await workbench?.dispose();
  });

  it("list every variable, and never the value of a secret one", () => {
    const read = settings.read();
    const variable = (name: string) => read.environment.find((entry) => entry.name === name)?.value;
    expect(variable("EXT_GATEWAY_TIMEOUT_MS")).toBe("1234");
    expect(variable("WORKBENCH_PASSPHRASE")).toBe("(set)");
    expect(variable("RUNNER_BASE_URL")).toBeUndefined();
    expect(JSON.stringify(read)).not.toContain("correct horse");
    expect(read).toMatchObject({ home, box_kind: "passphrase", versions: { workbench: "1.2.3" } });
  });

  it("name the key that signs, with its end", () => {
    const read = settings.read();
    expect(read.active_key_id).toBe(keyId);
    expect(Date.parse(read.signing_keys.find(({ id }) => id === keyId)?.not_after ?? "")).toBeGreaterThan(0);
  });

  it("run the doctor, without complaining of the ports that the host itself holds", async () => {
    const checks = await settings.examine();
    expect(checks.map(({ name }) => name)).toContain("node");
    expect(checks.map(({ name }) => name)).not.toContain("ports");
  });

  it("switch the signing of local uploads on with a key that can sign, and off", () => {
    settings.setLocalUploadKey(keyId);
    expect(localUploadKeyId(workbench)).toBe(keyId);
    expect(() => settings.setLocalUploadKey("no-such-key")).toThrow(
      expect.objectContaining({ kind: "user" }),
    );
    expect(localUploadKeyId(workbench)).toBe(keyId);
    settings.setLocalUploadKey(null);
    expect(settings.read().local_upload_key_id).toBeUndefined();
  });

  it("let a development tenant accept unsigned bundles, and take that back", async () => {
    const tenantId = workbench.tenantId(undefined);
    await settings.setUnsignedPolicy(tenantId, "allow");
    expect(workbench.tenants.get(tenantId)?.unsigned_policy).toBe("allow");
    await settings.setUnsignedPolicy(tenantId, "refuse");
    expect(workbench.tenants.get(tenantId)?.unsigned_policy).toBe("refuse");
    await expect(settings.setUnsignedPolicy("no-such-tenant", "refuse")).rejects.toMatchObject({
      code: "tenant_not_found",
    });
  });
});
