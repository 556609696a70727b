export { createRefusalBook, type RefusalBook } from "./refusal-book.ts";
export { createWatchedRunner } from "./watched-runner.ts";
