import { WorkbenchError } from "../contract/errors.ts";

export class ReproductionError extends WorkbenchError<
  "reproduction_not_possible" | "reproduction_incomplete" | "reproduction_persona_missing"
> {}
