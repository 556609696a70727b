import type { Isolation } from "../../contract/isolation.ts";
import {
  type ComponentImports,
  type ComponentInstance,
  createMeter,
  type Glue,
  instantiateComponent,
  type LoadedModule,
  type Meter,
  type MeterLimits,
  type MeterWatch,
} from "../component/index.ts";

export interface LoadedProgram {
  readonly glue: Glue;
  readonly modules: readonly LoadedModule[];
}

/** An instance for one invocation. The meter is there first: it has the usage when making the instance fails. */
export interface Opening {
  readonly meter: Meter;
  /** @throws InitialSizeError, and whatever a start function throws. */
  instance(): ComponentInstance;
}

interface Armed {
  readonly meter: Meter;
  readonly instance: ComponentInstance;
}

/**
 * The instances of one program on one worker: at most one stands ready, in the pristine state, for the next
 * invocation. `restore` puts the last one back, `strict` makes a new one; either way after the answer, so that no
 * caller waits for it.
 */
export class InstanceSlot {
  readonly #program: LoadedProgram;
  readonly #imports: ComponentImports;
  #armed: Armed | undefined;
  /** Instances whose start functions call the host can only be made within an execution. */
  #needsExecution = false;

  constructor(program: LoadedProgram, imports: ComponentImports) {
    this.#program = program;
    this.#imports = imports;
  }

  /** Bytes of the instance that stands ready: its linear memory and the image of it. */
  get heldBytes(): number {
    return this.#armed?.instance.heldBytes ?? 0;
  }

  /** Takes the instance that stands ready, if there is one, or makes one. */
  open(limits: MeterLimits, isolation: Isolation, watch?: MeterWatch): Opening {
    const armed = this.#armed;
    this.#armed = undefined;
    if (armed === undefined) {
      const meter = createMeter(limits, watch);
      return { meter, instance: () => this.#make(limits, meter, isolation) };
    }
    return {
      meter: armed.meter,
      instance() {
        armed.meter.begin(limits, watch);
        return armed.instance;
      },
    };
  }

  /** Makes ready for the next invocation. `returned`: the instance, if its handler returned an answer. */
  rest(returned: Armed | undefined, limits: MeterLimits, isolation: Isolation): void {
    if (isolation === "restore" && returned?.instance.restore()) {
      this.#armed = returned;
      return;
    }
    if (this.#needsExecution) return;
    const meter = createMeter(limits);
    try {
      const instance = this.#make(limits, meter, isolation);
      // What its start functions were refused under these limits, others might have granted.
      if (!instance.usage().memoryLimitHit) this.#armed = { meter, instance };
    } catch {
      // Whoever calls next makes it within the execution, and is told what is wrong with it.
      this.#needsExecution = true;
    }
  }

  drop(): void {
    this.#armed = undefined;
  }

  #make(limits: MeterLimits, meter: Meter, isolation: Isolation): ComponentInstance {
    const instance = instantiateComponent({ ...this.#program, imports: this.#imports, ...limits }, meter);
    if (isolation === "restore") instance.capture();
    return instance;
  }
}
