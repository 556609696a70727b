import { z } from "zod";
import { headerSchema } from "../../contract/execute.ts";
import { EgressError } from "../egress/errors.ts";
import type { HostInterface } from "./dispatcher.ts";
import { HostRefusal } from "./host-outcome.ts";
import type { RunnerScope } from "./runner-scope.ts";

const request = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.array(headerSchema),
  body: z.instanceof(Uint8Array).optional(),
});

const CASES = {
  url_invalid: "invalid-url",
  not_allowed: "not-allowed",
  transport: "transport",
  quota_exceeded: "not-allowed",
} as const;

export const http: HostInterface<"http", RunnerScope> = {
  async fetch(scope, given) {
    const parsed = request.safeParse(given);
    if (!parsed.success) throw new HostRefusal("internal", "http: bad arguments");
    try {
      return await scope.fetch(parsed.data);
    } catch (error) {
      if (error instanceof EgressError) throw new HostRefusal(CASES[error.code], `http: ${error.message}`);
      throw error;
    }
  },
};
