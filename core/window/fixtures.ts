import type { FixtureRoute } from "../contract/fixtures.ts";
import { PLATFORM_ROUTE_PREFIX } from "../contract/fixtures.ts";
import type { RouteTrial } from "../contract/rpc/fixtures.ts";
import { answeringRoute, routeBody } from "../fixtures/index.ts";
import type { HostPorts } from "../host/index.ts";
import { requestPath } from "../policy/index.ts";
import { proxyErrorOf } from "../runner/index.ts";
import { fixtureText, readFixtureDocument } from "../wiring/fixture-document.ts";
import type { Workbench } from "../workbench.ts";

/** Fixtures, invoices and metrics as the window sees them. */
export function createWindowFixtures(workbench: Workbench): HostPorts["fixtures"] {
  const { tenants, hostApi } = workbench;
  const read = (tenantId: string) => tenants.fixtures.get(tenants.require(tenantId).id);
  return {
    read: ({ tenant_id }) => ({ text: fixtureText(read(tenant_id)) }),
    write({ tenant_id, text }) {
      const { value, problems } = readFixtureDocument(text);
      if (value === undefined) return { outcome: "refused", problems };
      return {
        outcome: "saved",
        text: fixtureText(tenants.fixtures.set(tenants.require(tenant_id).id, value)),
      };
    },
    reset: ({ tenant_id }) => ({ text: fixtureText(tenants.fixtures.reset(tenant_id)) }),
    tryRoute: ({ tenant_id, method, route }) => trial(read(tenant_id).routes, method, route),
    invoices: ({ tenant_id, limit }) => ({
      items: hostApi.invoices.list(tenants.require(tenant_id).id, limit),
    }),
    clearInvoices: ({ tenant_id }) => ({ removed: hostApi.invoices.clear(tenants.require(tenant_id).id) }),
    metrics: ({ tenant_id, install_id }) => ({
      items: hostApi.metrics.list({ tenantId: tenants.require(tenant_id).id, installId: install_id }),
    }),
  };
}

/** What `ui-proxy.call-route` would answer an extension from these fixtures. */
function trial(routes: readonly FixtureRoute[], method: FixtureRoute["method"], route: string): RouteTrial {
  const target = requestPath(route);
  if (!target.ok) return { outcome: "refused", error: "bad-request", detail: target.detail };
  if (!target.path.startsWith(PLATFORM_ROUTE_PREFIX))
    return {
      outcome: "refused",
      error: "route-not-found",
      detail: `Only routes below ${PLATFORM_ROUTE_PREFIX} are the platform's; any other goes to the extension itself.`,
    };
  const answer = answeringRoute(routes, method, route);
  if (answer === undefined)
    return {
      outcome: "refused",
      error: "route-not-found",
      detail: `None of ${routes.length} routes answers ${method} on this path.`,
    };
  const { path, status } = answer.route;
  const error = proxyErrorOf(status);
  return {
    outcome: "answered",
    index: answer.index,
    path,
    status,
    ...(error === undefined ? { body: new TextDecoder().decode(routeBody(answer.route)) } : { error }),
  };
}
