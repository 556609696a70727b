/** Reading archives alone: what the runner process loads, which may use no native add-on and no toolchain. */
export { walkArchive } from "../archive-reader.ts";
export { BundleError } from "../errors.ts";
