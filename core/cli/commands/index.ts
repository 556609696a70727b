import type { RegisterCommand } from "../context.ts";
import { registerBuild } from "./build.ts";
import { registerCreate } from "./create.ts";
import { registerDev } from "./dev.ts";
import { registerDoctor } from "./doctor.ts";
import { registerEgress } from "./egress.ts";
import { registerEvent } from "./event.ts";
import { registerExecutions } from "./executions.ts";
import { registerFixtures, registerInvoices, registerMetrics } from "./fixtures.ts";
import { registerInspect } from "./inspect.ts";
import { registerInstall } from "./install.ts";
import {
  registerDisable,
  registerEnable,
  registerList,
  registerShow,
  registerUninstall,
  registerUpdate,
} from "./installs.ts";
import { registerInvoke } from "./invoke.ts";
import { registerKeys } from "./keys.ts";
import { registerLogs } from "./logs.ts";
import { registerPack } from "./pack.ts";
import { registerPolicy } from "./policy.ts";
import { registerPublish } from "./publish.ts";
import { registerQuota } from "./quota.ts";
import { registerReplay } from "./replay.ts";
import { registerReproduce } from "./reproduce.ts";
import { registerRunner } from "./runner.ts";
import { registerSchedules } from "./schedules.ts";
import { registerServe } from "./serve.ts";
import { registerSign } from "./sign.ts";
import { registerTenants } from "./tenants.ts";
import { registerTrust } from "./trust.ts";
import { registerUploads } from "./uploads.ts";
import { registerVerify } from "./verify.ts";
import { registerDeprecate, registerReverify } from "./versions.ts";

/** In the order in which `--help` lists them: an extension's way from empty folder to record. */
export const COMMANDS: readonly RegisterCommand[] = [
  registerCreate,
  registerBuild,
  registerPack,
  registerInspect,
  registerSign,
  registerVerify,
  registerKeys,
  registerTrust,
  registerPublish,
  registerInstall,
  registerUninstall,
  registerEnable,
  registerDisable,
  registerUpdate,
  registerDeprecate,
  registerReverify,
  registerList,
  registerShow,
  registerEgress,
  registerTenants,
  registerUploads,
  registerInvoke,
  registerFixtures,
  registerInvoices,
  registerMetrics,
  registerSchedules,
  registerEvent,
  registerDev,
  registerServe,
  registerLogs,
  registerExecutions,
  registerReplay,
  registerReproduce,
  registerQuota,
  registerPolicy,
  registerRunner,
  registerDoctor,
];
