export { nextDevelopmentVersion } from "./development-version.ts";
export {
  LOOP_STAGES,
  type LoopPorts,
  type LoopResult,
  type LoopStage,
  runLoop,
  type StageReport,
} from "./loop.ts";
