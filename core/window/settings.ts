import { examine } from "../doctor/index.ts";
import type { SettingsPort } from "../host/index.ts";
import { ENVIRONMENT_VARIABLES, SECRET_VARIABLES } from "../platform/environment.ts";
import { activeKeyId } from "../wiring/active-key.ts";
import { localUploadKeyId, setLocalUploadKey } from "../wiring/local-uploads.ts";
import type { Workbench } from "../workbench.ts";

/** Settings as the window sees them. `version` is the workbench's own. */
export function createWindowSettings(workbench: Workbench, version: string): SettingsPort {
  const { environment, keystore, tenants, runner, clock } = workbench;
  return {
    read() {
      const active = activeKeyId(workbench);
      const localUpload = localUploadKeyId(workbench);
      const { electron } = process.versions;
      return {
        versions: {
          workbench: version,
          node: process.versions.node,
          ...(electron === undefined ? {} : { electron }),
        },
        platform: `${process.platform} ${process.arch}`,
        home: environment.home,
        box_kind: workbench.boxKind,
        environment: ENVIRONMENT_VARIABLES.map((name) => {
          const value = environment.given[name];
          return { name, is_secret: SECRET_VARIABLES.has(name), ...(value === undefined ? {} : { value }) };
        }),
        signing_keys: keystore
          .list()
          .filter((key) => key.has_certificate && !key.is_ca)
          .map(({ id, algorithm, subject, not_after }) => ({ id, algorithm, subject, not_after })),
        ...(active === undefined ? {} : { active_key_id: active }),
        ...(localUpload === undefined ? {} : { local_upload_key_id: localUpload }),
      };
    },
    async examine() {
      const checks = await examine({
        environment,
        env: { ...environment.given },
        platform: process.platform,
        now: () => clock.now(),
        // The host that answers has it open.
        open: async () => {},
      });
      // The host itself holds its ports: that they are taken is as it should be.
      return checks.filter(({ name }) => name !== "ports");
    },
    async setUnsignedPolicy(tenantId, policy) {
      tenants.setUnsignedPolicy(tenantId, policy);
      await runner.refresh();
    },
    setLocalUploadKey: (keyId) => setLocalUploadKey(workbench, keyId),
  };
}
