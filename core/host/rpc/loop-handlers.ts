import type { loopProcedures, loopSubscriptions } from "../../contract/rpc/loop.ts";
import type { RpcHandlers, RpcSources } from "../rpc.ts";
import type { HostLoop } from "./loop-ports.ts";

export function createLoopHandlers(loop: HostLoop): Pick<RpcHandlers, keyof typeof loopProcedures> {
  return {
    "loop.state": () => loop.state(),
    "loop.start": ({ dir }) => loop.start(dir),
    "loop.stop": () => loop.stop(),
    "loop.run": ({ dir }) => loop.run(dir),
    "loop.cancel": () => loop.cancel(),
  };
}

export function createLoopSources(loop: HostLoop): Pick<RpcSources, keyof typeof loopSubscriptions> {
  return { "loop.events": (_input, { signal }) => loop.follow(signal) };
}
