import {
  type ComponentImports,
  type ComponentInstance,
  createFuelClock,
  createMeter,
  EXTENSION_INTERFACES,
  type Glue,
  instantiateComponent,
  type LoadedModule,
  loadGlue,
  type Meter,
  type PreparedComponent,
  prepareComponent,
} from "../../../core/runner/component/index.ts";
import { createWasi } from "../../../core/runner/guest/wasi/index.ts";
import { productWit } from "../../support/components.ts";

/** The most that any test grants; single tests grant less on instantiation. */
export const PREPARE_LIMITS = { maxMemoryPages: 4_096, maxTableElements: 200_000 };

export interface Loaded {
  readonly prepared: PreparedComponent;
  readonly glue: Glue;
  readonly modules: readonly LoadedModule[];
}

export async function load(component: Uint8Array): Promise<Loaded> {
  const prepared = await prepareComponent(component, PREPARE_LIMITS);
  const modules = prepared.modules.map(({ bytes, ...facts }) => ({
    ...facts,
    module: new WebAssembly.Module(bytes),
  }));
  return { prepared, glue: await loadGlue(prepared.source), modules };
}

export function instantiate(
  loaded: Loaded,
  limits: Partial<{ fuel: number; maxMemoryPages: number; maxTableElements: number }> = {},
): ComponentInstance {
  const granted = { fuel: 10_000_000_000, ...PREPARE_LIMITS, ...limits };
  const meter = createMeter(granted);
  const { glue, modules } = loaded;
  return instantiateComponent({ glue, modules, imports: hostImports(meter), ...granted }, meter);
}

export function request(url: string): unknown {
  return {
    context: { tenantId: "tenant", extensionId: "extension" },
    http: { method: "GET", url, headers: [] },
  };
}

/** Host functions that answer nothing, and the runner's WASI with what the guest prints thrown away. */
export function hostImports(meter: Meter): ComponentImports {
  const declared = productWit().matchAll(/^\s*%?([a-z0-9-]+): func/gmu);
  const silent = Object.fromEntries([...declared].map(([, name]) => [camel(name ?? ""), () => undefined]));
  const clock = { ...createFuelClock(meter), wall: () => Date.now() };
  return {
    ...Object.fromEntries(EXTENSION_INTERFACES.map((name) => [`alga:extension/${name}`, silent])),
    ...createWasi({ write: () => undefined, clock }),
  };
}

function camel(name: string): string {
  return name.replace(/-([a-z0-9])/gu, (_, letter: string) => letter.toUpperCase());
}
