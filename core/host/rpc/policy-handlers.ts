import type { policyProcedures } from "../../contract/rpc/policy.ts";
import type { RpcHandlers } from "../rpc.ts";
import type { PolicyPort } from "./policy-ports.ts";

export function createPolicyHandlers(policy: PolicyPort): Pick<RpcHandlers, keyof typeof policyProcedures> {
  return {
    "policy.explain": (request) => policy.explain(request),
    "policy.test": (request) => policy.test(request),
  };
}
