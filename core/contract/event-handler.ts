import { type Endpoint, endpointSchema, scheduleFault } from "./endpoint.ts";
import type { Manifest } from "./manifest.ts";

type Routes = Pick<Manifest, "api">;

/**
 * The path that an event is posted to. A subscription's `handler` names a POST endpoint of the manifest, by its
 * `handler` or as `/path` or `POST /path`. An extension that lists no endpoints takes any path, and there a bare name
 * is the path below its root.
 * @returns undefined when the manifest has nothing of that name
 */
export function eventHandlerPath(manifest: Routes, handler: string): string | undefined {
  const endpoints = endpointsOf(manifest);
  if (endpoints.length > 0) return named(endpoints, handler).find(takesEvents)?.path;
  const wanted = pathOf(handler) ?? `/${handler}`;
  return endpointSchema.shape.path.safeParse(wanted).success ? wanted : undefined;
}

/** Why events for this handler would reach nothing, in a clause; `undefined`: they have somewhere to go. */
export function eventHandlerFault(manifest: Routes, handler: string): string | undefined {
  if (eventHandlerPath(manifest, handler) !== undefined) return undefined;
  const endpoints = endpointsOf(manifest);
  if (endpoints.length === 0) return "it makes no path that an endpoint could have";
  const [found] = named(endpoints, handler);
  if (found === undefined) return "no endpoint has it as its handler or its path";
  return `${found.method} ${found.path} has it, and events are posted to a path without parameters`;
}

function endpointsOf(manifest: Routes): readonly Endpoint[] {
  return manifest.api?.endpoints ?? [];
}

function pathOf(handler: string): string | undefined {
  return /^(?:POST +)?(\/\S*)$/.exec(handler)?.[1];
}

function named(endpoints: readonly Endpoint[], handler: string): Endpoint[] {
  const path = pathOf(handler);
  return endpoints.filter((each) => (path === undefined ? each.handler === handler : each.path === path));
}

function takesEvents(endpoint: Endpoint): boolean {
  return endpoint.method === "POST" && scheduleFault(endpoint) === undefined;
}
