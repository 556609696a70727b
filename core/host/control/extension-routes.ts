import type { Context } from "hono";
import {
  type InstallResponse,
  installBodySchema,
  type UninstallResponse,
  uninstallBodySchema,
} from "../../contract/control-api.ts";
import { KIB } from "../../contract/limits.ts";
import { jsonBody } from "../input.ts";
import type { HostRegistry } from "../ports.ts";
import type { Principal } from "./principal.ts";

const MAX_BODY_BYTES = 64 * KIB;

/**
 * `POST /api/v1/extensions/install`. The body has no grants, so a new install gets what the manifest asks for, with no
 * egress list and no secrets. It names the version that shall run: what is installed already is moved to it and keeps
 * its settings, because the published command line has no other way to update.
 */
export async function installExtension(
  context: Context,
  { tenant }: Principal,
  registry: HostRegistry,
): Promise<Response> {
  const { registryId, version } = await jsonBody(context, installBodySchema, MAX_BODY_BYTES);
  const order = { ref: registryId, tenantId: tenant.id, version };
  const isInstalled = registry.resolveInstall(tenant.id, registryId) !== undefined;
  const installed = await (isInstalled ? registry.update(order) : registry.install(order));
  const answer: InstallResponse = {
    data: {
      installId: installed.install_id,
      registryId: installed.registry_id,
      versionId: installed.version_id,
      version: installed.version,
      message: `Version ${installed.version} is installed.`,
    },
  };
  // 202 is what the published command line knows; here the work is done by the time of the answer.
  return context.json(answer, 202);
}

/** `POST /api/v1/extensions/uninstall` */
export async function uninstallExtension(
  context: Context,
  { tenant }: Principal,
  registry: HostRegistry,
): Promise<Response> {
  const { registryId } = await jsonBody(context, uninstallBodySchema, MAX_BODY_BYTES);
  const removed = await registry.uninstall({ ref: registryId, tenantId: tenant.id });
  const answer: UninstallResponse = {
    data: {
      installId: removed.install_id,
      registryId: removed.registry_id,
      message: "The extension is uninstalled.",
    },
  };
  return context.json(answer);
}
