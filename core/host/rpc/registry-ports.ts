import type { Answers } from "./keys-ports.ts";

/** What the registry screen does beyond listing. */
export interface WindowRegistryPort {
  inspect: Answers<"bundles.inspect">;
  publish: Answers<"registry.publish">;
  deprecate: Answers<"registry.deprecate">;
  reverify: Answers<"registry.reverify">;
  install: Answers<"registry.install">;
  update: Answers<"registry.update">;
  configure: Answers<"registry.configure">;
  setEnabled: Answers<"registry.enable">;
  details: Answers<"registry.details">;
  refusedEgress: Answers<"registry.refusedEgress">;
  forgetRefusedEgress: Answers<"registry.forgetRefusedEgress">;
  uninstall: Answers<"registry.uninstall">;
}
