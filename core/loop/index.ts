export { nextDevelopmentVersion } from "./development-version.ts";
export {
  type LoopPorts,
  type LoopResult,
  type LoopStage,
  runLoop,
  type StageReport,
} from "./loop.ts";
