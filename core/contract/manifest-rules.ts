import type { z } from "zod";
import { scheduleFault } from "./endpoint.ts";

/**
 * The rules of a manifest that span several fields: endpoints are unique by method and path, and only those that
 * a schedule can call are schedulable. Given whatever the fields' own checks left, so nothing is assumed of it.
 */
export function reportManifestRules(manifest: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const firstOf = new Map<string, number>();
  for (const [index, endpoint] of endpointsOf(manifest).entries()) {
    const path = ["api", "endpoints", index];
    if (endpoint.schedulable === true) {
      const expected = scheduleFault(endpoint);
      if (expected !== undefined) {
        context.addIssue({
          code: "custom",
          path: [...path, "schedulable"],
          message: `expected ${expected} on a schedulable endpoint`,
          params: { code: "not_schedulable" },
        });
      }
    }
    if (typeof endpoint.method !== "string" || typeof endpoint.path !== "string") continue;
    const key = `${endpoint.method} ${endpoint.path}`;
    const first = firstOf.get(key);
    if (first === undefined) {
      firstOf.set(key, index);
      continue;
    }
    context.addIssue({
      code: "custom",
      path,
      message: "expected each method and path once",
      params: { code: "duplicate_endpoint", found: `the same as $.api.endpoints[${first}]` },
    });
  }
}

interface LooseEndpoint {
  method?: unknown;
  path?: unknown;
  schedulable?: unknown;
}

function endpointsOf(manifest: unknown): LooseEndpoint[] {
  const endpoints = field(field(manifest, "api"), "endpoints");
  return Array.isArray(endpoints)
    ? endpoints.map((endpoint) => ({
        method: field(endpoint, "method"),
        path: field(endpoint, "path"),
        schedulable: field(endpoint, "schedulable"),
      }))
    : [];
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
