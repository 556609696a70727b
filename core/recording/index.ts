export { executionDetail } from "./detail.ts";
export { createRecordingRunner } from "./recording-runner.ts";
export { createRecordingStore, type RecordingStore } from "./recording-store.ts";
export { createReplay, type Replay } from "./replay.ts";
