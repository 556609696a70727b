export type { GatewayResult } from "./call.ts";
export { createGateway, type Gateway } from "./gateway.ts";
export { createKeptAnswers } from "./kept-answers.ts";
export { type GatewayObserver, observedRecorder } from "./observer.ts";
export type { GatewayPorts } from "./ports.ts";
