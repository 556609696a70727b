import type { HostInterface } from "./dispatcher.ts";
import type { RunnerScope } from "./runner-scope.ts";

export const uiProxy: HostInterface<"ui-proxy", RunnerScope> = {
  callRoute: (scope, route, payload) => scope.askHost("ui_proxy.call_route", { route, payload }),
};
