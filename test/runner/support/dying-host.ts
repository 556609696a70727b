/** A host that starts a runner, prints its process id and waits to be killed. */
import { createRunnerSupervisor } from "../../../core/runner/index.ts";

const quiet = () => undefined;
const supervisor = createRunnerSupervisor({
  objectsDir: process.argv[2] ?? "",
  prepared: { folder: `${process.argv[2] ?? ""}-prepared`, key: new Uint8Array(32) },
  broker: {
    register: quiet,
    release: quiet,
    answer: async () => ({ ok: false, refusal: "internal", detail: "" }),
  },
  logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  serviceToken: "service-token-of-tests",
  config: () => ({
    revision: 1,
    trust: { anchors: [], revocations: [] },
    unsignedTenants: [],
    egressAllowlist: [],
    hostOrigins: [],
    isolation: "restore",
    maximums: {
      timeout_ms: 1_000,
      memory_mb: 64,
      fuel: 1_000_000,
      response_body_bytes: 1_000,
      workers: 1,
      queue: 0,
    },
  }),
  onLog: quiet,
});
await supervisor.start();
process.stdout.write(`${supervisor.state().pid}\n`);
