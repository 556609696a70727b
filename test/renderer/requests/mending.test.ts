import { describe, expect, it } from "vitest";
import type { Decision } from "../../../core/contract/decision.ts";
import { mendingOf } from "../../../renderer/state/requests/mending.ts";

const denial = (change: Partial<Decision>): Decision => ({
  rule: "endpoint",
  outcome: "deny",
  detail: "",
  source: "default",
  ...change,
});

describe("where a refusal is mended", () => {
  it.each([
    [denial({ source: "manifest:api.endpoints" }), "project"],
    [denial({ rule: "install", code: "extension_not_installed", source: "registry" }), "registry"],
    [denial({ rule: "rate", code: "rate_limited", source: "install:limits.rate_per_minute" }), "quotas"],
    [denial({ rule: "execute", code: "capability_denied", source: "runner" }), "registry"],
    [denial({ rule: "execute", code: "certificate_expired", source: "runner" }), "keys"],
  ])("is said of %j", (decision, screen) => {
    expect(mendingOf(decision)?.place?.screen).toBe(screen);
  });

  it("is the request itself where no screen would help", () => {
    expect(mendingOf(denial({ rule: "request_headers" }))).toEqual({ words: "Correct it under Headers." });
    expect(mendingOf(denial({ rule: "authenticate" }))).toBeUndefined();
  });
});
