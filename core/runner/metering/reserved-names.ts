/** Import module of every rewritten core module; a guest that names it is refused. */
export const METERING_IMPORT_MODULE = "workbench:metering";

/** Exports that the rewrite adds start with this; a guest that uses it is refused. */
export const METERING_EXPORT_PREFIX = "workbench:";

export const SAVE_GLOBALS_EXPORT = `${METERING_EXPORT_PREFIX}save`;
export const RESTORE_GLOBALS_EXPORT = `${METERING_EXPORT_PREFIX}restore`;

/**
 * The imported globals in index order, all mutable and shared by every core module of one component instance:
 * fuel left, pages of linear memory left, table elements left (all i64), and growths refused (i32).
 */
export const METERING_GLOBALS = [
  { name: "fuel", valueType: "i64" },
  { name: "pages", valueType: "i64" },
  { name: "elements", valueType: "i64" },
  { name: "refused", valueType: "i32" },
] as const;

export const FUEL = 0;
export const PAGES = 1;
export const ELEMENTS = 2;
export const REFUSED = 3;
