/** Import module of every rewritten core module; a guest that names it is refused. */
export const METERING_IMPORT_MODULE = "workbench:metering";

/** Exports that the rewrite adds start with this; a guest that uses it is refused. */
export const METERING_EXPORT_PREFIX = "workbench:";

export const SAVE_GLOBALS_EXPORT = `${METERING_EXPORT_PREFIX}save`;
export const RESTORE_GLOBALS_EXPORT = `${METERING_EXPORT_PREFIX}restore`;

/**
 * The imported globals in index order, shared by every core module of one component instance: fuel left, pages of
 * linear memory left, table elements left (all i64), growths refused (i32), the fuel below which the host looks on
 * (i64), table elements taken for a growth under way (i64), all mutable; and a function `() -> ()` that is called then. It may lower the lookout, or take the fuel, whereupon
 * the module traps. A reference in a global, because an imported function would move the index of every other.
 */
export const METERING_GLOBALS = [
  { name: "fuel", valueType: "i64", isMutable: true },
  { name: "pages", valueType: "i64", isMutable: true },
  { name: "elements", valueType: "i64", isMutable: true },
  { name: "refused", valueType: "i32", isMutable: true },
  { name: "lookout", valueType: "i64", isMutable: true },
  { name: "reserved", valueType: "i64", isMutable: true },
  { name: "look", valueType: "funcref", isMutable: false },
] as const;

export const FUEL = 0;
export const PAGES = 1;
export const ELEMENTS = 2;
export const REFUSED = 3;
export const LOOKOUT = 4;
export const RESERVED = 5;
export const LOOK = 6;
