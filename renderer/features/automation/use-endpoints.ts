import { useEffect, useState } from "react";
import type { ScheduleEndpoint } from "../../../core/contract/schedule.ts";
import { createResource } from "../../state/resource.ts";
import { useStore } from "../../ui/use-store.ts";
import { useAutomation } from "./automation-context.ts";

/** What the installed version offers to schedules; empty until it is known, and where any path will do. */
export function useEndpoints({
  tenant_id,
  install_id,
}: {
  readonly tenant_id: string;
  readonly install_id: string;
}): readonly ScheduleEndpoint[] {
  const { context, state } = useAutomation();
  const revision = useStore(state.revision);
  const [endpoints] = useState(() =>
    createResource((signal) => context.client.call("schedules.endpoints", { tenant_id, install_id }, signal)),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: an update of the install changes them
  useEffect(() => void endpoints.reload(), [endpoints, revision]);
  return useStore(endpoints).data?.endpoints ?? [];
}
