import type { Check } from "../check.ts";

/** The year in which this workbench was written: a clock before it would make every new certificate "not yet valid". */
const EARLIEST_SANE = Date.UTC(2026, 0, 1);
const LATEST_SANE = Date.UTC(2100, 0, 1);

export const clockCheck: Check = {
  name: "clock",
  async run({ now }) {
    const time = now();
    return time.getTime() >= EARLIEST_SANE && time.getTime() < LATEST_SANE
      ? { status: "pass", detail: time.toISOString() }
      : {
          status: "fail",
          detail: `the clock says ${time.toISOString()}; certificates are judged by it`,
          fix: "Set the machine's clock.",
        };
  },
};
