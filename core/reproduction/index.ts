export { outcomeDifferences } from "./comparison.ts";
export { ReproductionError } from "./errors.ts";
export { outcomeOf, reproductionOf } from "./reproduction.ts";
