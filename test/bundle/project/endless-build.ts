/** Makes a component that never ends, and says which process does. */
import { createWarmComponents } from "../../../core/bundle/project/component/warm-components.ts";
import { narrowWorld, worldText } from "../../../core/bundle/project/world.ts";

const components = createWarmComponents();
const wit = narrowWorld(await worldText(), []);
const task = { engine: "quickjs", wit, world: "runner" } as const;
await components.make({ ...task, source: "export function handler() {}\n" });
void components.make({ ...task, source: "for (;;) {}\nexport function handler() {}\n" });
setImmediate(() => process.send?.(components.pid));
