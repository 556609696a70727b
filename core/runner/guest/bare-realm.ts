import { registerHooks } from "node:module";
import { GLUE_GLOBALS } from "../component/index.ts";

/** The generator's helpers say there what the outcome says anyway; a component must not write to our own streams. */
const SILENT_CONSOLE = Object.fromEntries(
  ["debug", "error", "info", "log", "trace", "warn"].map((name) => [name, () => undefined]),
);

/**
 * Leaves this thread's global scope with what generated glue refers to, unchangeable, and nothing else. A third
 * fence behind safe names and safe glue: code that got past both finds no process, network, timer or module to reach
 * for, and nothing shared that it could change for the next execution.
 *
 * What the platform's own modules use is imported or taken by them before; Node's internals hold their own.
 */
export function stripRealm(): void {
  refuseModules();
  const realm = globalThis;
  const needed = Reflect.ownKeys(realm).filter((name) => typeof name === "string" && GLUE_GLOBALS.has(name));
  const unneeded = Reflect.ownKeys(realm).filter((name) => !needed.includes(name));
  Reflect.defineProperty(realm, "console", { value: SILENT_CONSOLE });
  // Some are made when they are first asked for.
  const values = needed.map((name): unknown => Reflect.get(realm, name));
  for (const maker of FUNCTIONS) Reflect.deleteProperty(prototypesOf(maker)[0] ?? {}, "constructor");
  for (const prototype of OVERRIDDEN) allowOverriding(prototype);
  freezeReachable([...values, ...hiddenIntrinsics()]);
  for (const [index, name] of needed.entries())
    define(realm, name, { value: values[index], writable: false, configurable: false });
  // Last, as this very code refers to some of them.
  const { deleteProperty, preventExtensions } = Reflect;
  for (const name of unneeded) deleteProperty(realm, name);
  preventExtensions(realm);
}

/** Glue is a `data:` module and imports nothing. */
function refuseModules(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (context.parentURL?.startsWith("data:")) throw new Error("an extension imports no modules");
      return next(specifier, context);
    },
  });
}

/** What no global names and syntax still makes. */
function hiddenIntrinsics(): object[] {
  const instances = [
    /./,
    () => undefined,
    async () => undefined,
    (function* () {})(),
    (async function* () {})(),
    [][Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    ""[Symbol.iterator](),
    "".matchAll(/./g),
    new Date(0),
  ];
  return instances.flatMap(prototypesOf);
}

function prototypesOf(value: object): object[] {
  const prototype = Reflect.getPrototypeOf(value);
  return prototype === null ? [] : [prototype, ...prototypesOf(prototype)];
}

/** Their constructors make code from strings, which this process refuses anyway. */
const FUNCTIONS = [() => undefined, async () => undefined, function* () {}, async function* () {}];

/** Whose members programs shadow by assignment: glue, and Node's own modules when they load late. */
const OVERRIDDEN = [
  Object,
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
].map(({ prototype }) => prototype as object);

/** A frozen member cannot be shadowed by assignment, a setter can do so. */
function allowOverriding(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) {
    const { value, writable, configurable } = Reflect.getOwnPropertyDescriptor(prototype, key) ?? {};
    if (writable !== true || configurable !== true) continue;
    Reflect.defineProperty(prototype, key, {
      get: () => value,
      set(this: object, own: unknown) {
        if (this === prototype) throw new TypeError("shared prototypes do not change");
        define(this, key, { value: own, writable: true, enumerable: true, configurable: true });
      },
      enumerable: false,
      configurable: false,
    });
  }
}

const define = Reflect.defineProperty;

function freezeReachable(roots: readonly unknown[]): void {
  const pending = [...roots];
  const seen = new Set<object>();
  while (pending.length > 0) {
    const value = pending.pop();
    if (!isObject(value) || seen.has(value)) continue;
    seen.add(value);
    pending.push(Reflect.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const property = Reflect.getOwnPropertyDescriptor(value, key);
      pending.push(property?.value, property?.get, property?.set);
    }
    Object.freeze(value);
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
