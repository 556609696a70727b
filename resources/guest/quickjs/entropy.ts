/** The host's entropy: this engine's own is frozen into the component, and every call would see the same. */
export { getRandomBytes as randomBytes } from "engine:wasi:random/random@0.2.12";
