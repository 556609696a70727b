import { ADMISSION_LADDER, takeToken } from "../../policy/index.ts";
import type { Admission } from "../admission.ts";
import type { CallJournal } from "../journal.ts";
import type { GatewayPorts } from "../ports.ts";
import type { Route } from "./resolve.ts";

/**
 * Rate, concurrency and quota. Nothing is spent unless all three allow, and nothing else runs between asking and
 * spending, so two calls never share a slot.
 * @returns gives the slot back
 */
export function admit(
  ports: Pick<GatewayPorts, "clock" | "usage">,
  admission: Admission,
  route: Route,
  journal: CallJournal,
): () => void {
  const { install, limits } = route;
  const now = ports.clock.now();
  const take = takeToken(
    admission.bucket(install.install_id),
    { perMinute: limits.rate_per_minute.value, burst: limits.rate_burst.value },
    now.getTime(),
  );
  const egress = ports.usage.egressWindow(install.install_id, now);
  journal.ask(ADMISSION_LADDER, {
    limits,
    take,
    inFlight: admission.inFlight(install.install_id),
    egressBytes: egress.bytes,
    windowEndsInMs: egress.endsInMs,
  });
  return admission.commit(install.install_id, take);
}
