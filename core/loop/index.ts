export { nextDevelopmentVersion } from "./development-version.ts";
export {
  type LoopPorts,
  type LoopResult,
  runLoop,
  type StageReport,
} from "./loop.ts";
export {
  createLoopService,
  type LoopService,
  type LoopServicePorts,
  type TurnRequest,
} from "./loop-service.ts";
