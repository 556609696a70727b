export { BinaryReader } from "./binary-reader.ts";
export { BinaryWriter } from "./binary-writer.ts";
export { MeteringError, type MeteringErrorCode } from "./errors.ts";
export type { ExternKind, ModuleImport } from "./imports.ts";
export { instrumentModule } from "./instrument.ts";
export type {
  InstrumentedModule,
  MeteredGlobals,
  MeteredMemory,
  MeteredTable,
  MeteringLimits,
} from "./instrumented-module.ts";
export { METERING_IMPORT_MODULE } from "./reserved-names.ts";
export { SECTION } from "./sections.ts";
