import { TextDecoder, TextEncoder } from "@exodus/bytes/encoding-lite.js";

Object.assign(globalThis, { TextDecoder, TextEncoder });
