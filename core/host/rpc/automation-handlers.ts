import type { automationProcedures, automationSubscriptions } from "../../contract/rpc/automation.ts";
import type { RpcHandlers, RpcSources } from "../rpc.ts";
import type { AutomationPort } from "./automation-ports.ts";

export function createAutomationHandlers({
  schedules,
  events,
}: AutomationPort): Pick<RpcHandlers, keyof typeof automationProcedures> {
  return {
    "schedules.list": schedules.list,
    "schedules.create": schedules.create,
    "schedules.update": schedules.update,
    "schedules.delete": schedules.remove,
    "schedules.run": schedules.run,
    "schedules.runs": schedules.runs,
    "schedules.endpoints": schedules.endpoints,
    "schedules.preview": schedules.preview,
    "events.list": events.list,
    "events.get": events.get,
    "events.publish": events.publish,
    "events.dead_letters": events.deadLetters,
    "events.redeliver": events.redeliver,
  };
}

export function createAutomationSources(
  automation: AutomationPort,
): Pick<RpcSources, keyof typeof automationSubscriptions> {
  return { "automation.changes": (_input, { signal }) => automation.changes(signal) };
}
