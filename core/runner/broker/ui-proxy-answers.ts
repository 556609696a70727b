import { PLATFORM_ROUTE_PREFIX } from "../../contract/fixtures.ts";
import { MAX_CALL_DEPTH, type uiProxyCalls } from "../../contract/host-calls/ui-proxy.ts";
import { HostCallError, type HostCallRefusal } from "../../contract/host-calls.ts";
import type { HostAnswers, HostCallScope } from "../../platform/host-answers.ts";
import { requestPath } from "../../policy/index.ts";

interface RouteRequest {
  readonly method: "GET" | "POST";
  /** In its normal form. */
  readonly path: string;
  /** With its leading `?`, or empty. */
  readonly query: string;
  readonly payload: Uint8Array | undefined;
}

interface RouteResponse {
  readonly status: number;
  readonly body: Uint8Array;
}

export interface UiProxyPorts {
  /** The platform's own routes; `undefined` when there is none such. */
  platform(tenantId: string, request: RouteRequest): RouteResponse | undefined;
  /** Back to the extension through the gateway, as the same caller and at the depth given. */
  own(scope: HostCallScope, request: RouteRequest, depth: number): Promise<RouteResponse>;
}

/** The interface `ui-proxy`: a call of an extension to the platform, or to itself. */
export function createUiProxyAnswers({ platform, own }: UiProxyPorts): HostAnswers<typeof uiProxyCalls> {
  return {
    "ui_proxy.call_route": async (scope, { route, payload }) => {
      const target = requestPath(route);
      if (!target.ok) throw new HostCallError("bad-request", target.detail);
      const { path, query } = target;
      const request = { method: payload === undefined ? "GET" : "POST", path, query, payload } as const;
      const response = path.startsWith(PLATFORM_ROUTE_PREFIX)
        ? platform(scope.tenant_id, request)
        : await own(scope, request, nextDepth(scope));
      const name = `${request.method} ${path.slice(0, 200)}`;
      if (response === undefined)
        throw new HostCallError("route-not-found", `no route fixture answers ${name}`);
      const refusal = proxyErrorOf(response.status);
      if (refusal !== undefined) throw new HostCallError(refusal, `${name} answered ${response.status}`);
      return response.body;
    },
  };
}

function nextDepth({ depth }: HostCallScope): number {
  if (depth < MAX_CALL_DEPTH) return depth + 1;
  throw new HostCallError("denied", `an extension calls itself at most ${MAX_CALL_DEPTH} deep`);
}

/** What the extension gets for a status; `undefined`: the body. */
export function proxyErrorOf(status: number): HostCallRefusal | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 404) return "route-not-found";
  if (status === 401 || status === 403) return "denied";
  // Too many requests is no fault of this one.
  return status >= 400 && status < 500 && status !== 429 ? "bad-request" : "internal";
}
