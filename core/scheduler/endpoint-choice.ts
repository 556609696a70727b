import { endpointSchema, scheduleFault } from "../contract/endpoint.ts";
import type { Manifest } from "../contract/manifest.ts";
import type { ScheduleEndpoint } from "../contract/schedule.ts";

export interface EndpointChoice {
  readonly method: string;
  readonly path: string;
}

/** What an install offers to schedules; empty for an extension that lists no endpoints and takes any path. */
export function scheduleEndpoints(manifest: Manifest): ScheduleEndpoint[] {
  return endpointsOf(manifest).map((endpoint) => ({
    id: `${endpoint.method} ${endpoint.path}`,
    method: endpoint.method,
    path: endpoint.path,
    handler: endpoint.handler,
    schedulable: scheduleFault(endpoint) === undefined && endpoint.schedulable !== false,
  }));
}

/** `METHOD /path` in its parts. */
export function parseEndpoint(text: string): EndpointChoice | undefined {
  const [, method, path] = /^([A-Za-z]+) +(\/\S*)$/.exec(text.trim()) ?? [];
  return method === undefined || path === undefined ? undefined : { method: method.toUpperCase(), path };
}

/** Why a schedule cannot call this endpoint of this version; `undefined`: it can. */
export function endpointFault(manifest: Manifest, { method, path }: EndpointChoice): string | undefined {
  const expected = scheduleFault({ method, path });
  if (expected !== undefined) return `expected ${expected}`;
  const offered = scheduleEndpoints(manifest);
  if (offered.length === 0) {
    return endpointSchema.shape.path.safeParse(path).success
      ? undefined
      : "expected a path that starts with / and holds URL characters only";
  }
  const found = offered.find((endpoint) => endpoint.method === method && endpoint.path === path);
  if (found === undefined) return `the manifest of version ${manifest.version} has no such endpoint`;
  return found.schedulable ? undefined : "the manifest says that it is not schedulable";
}

function endpointsOf(manifest: Manifest) {
  return manifest.api?.endpoints ?? [];
}
