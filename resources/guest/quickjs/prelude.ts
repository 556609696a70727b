/** Evaluated before the extension's own modules. The order of these lines matters. */
import { polyfilled } from "./microtasks.ts";
import "core-js/actual/promise";

polyfilled();
