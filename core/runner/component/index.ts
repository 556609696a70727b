export { ComponentError, type ComponentErrorCode } from "./errors.ts";
export { type FailureCause, failureOf } from "./failure.ts";
export { createFuelClock, type FuelClock } from "./fuel-clock.ts";
export { type ComponentImports, type Glue, loadGlue } from "./glue.ts";
export { GLUE_GLOBALS } from "./glue-globals.ts";
export {
  type ComponentInstance,
  type InstantiateOptions,
  instantiateComponent,
  type LoadedModule,
} from "./instantiate.ts";
export { TooMuchLifted } from "./lift-budget.ts";
export { type ComponentUsage, createMeter, type Meter, type MeterLimits, type MeterWatch } from "./meter.ts";
export { type PreparedComponent, type PreparedModule, prepareComponent } from "./prepare.ts";
export { EXTENSION_INTERFACES } from "./world.ts";
