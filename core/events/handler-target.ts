import { endpointSchema, scheduleFault } from "../contract/endpoint.ts";
import type { Manifest } from "../contract/manifest.ts";

/**
 * The path that an event is posted to. A subscription's `handler` names a POST endpoint of the manifest, by its
 * `handler` or as `/path` or `POST /path`. An extension that lists no endpoints takes any path, and there a bare name
 * is the path below its root.
 * @returns undefined when the manifest has nothing of that name
 */
export function handlerPath(manifest: Manifest, handler: string): string | undefined {
  const endpoints = manifest.api?.endpoints ?? [];
  const [, path] = /^(?:POST +)?(\/\S*)$/.exec(handler) ?? [];
  if (endpoints.length === 0) {
    const wanted = path ?? `/${handler}`;
    return endpointSchema.shape.path.safeParse(wanted).success ? wanted : undefined;
  }
  return endpoints.find(
    (endpoint) =>
      endpoint.method === "POST" &&
      scheduleFault(endpoint) === undefined &&
      (path === undefined ? endpoint.handler === handler : endpoint.path === path),
  )?.path;
}
