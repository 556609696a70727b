import { COMPONENT_FILE } from "../contract/bundle-path.ts";
import {
  type Capability,
  DEFAULT_CAPABILITIES,
  INTERFACE_CAPABILITIES,
  INTERFACE_NAMES,
  isInterfaceName,
} from "../contract/capability.ts";
import type { Manifest } from "../contract/manifest.ts";
import type { ComponentInterface } from "./component-interface.ts";
import { printable } from "./errors.ts";
import type { InspectionWarning, InspectionWarningCode } from "./inspection-warning.ts";

const WORLD_PACKAGE = "alga:extension/";
const TYPES_INTERFACE = "types";
const WASI_PACKAGE = "wasi:";
const HANDLER_EXPORT = "handler";

/** What a component imports and exports, against what its manifest asks for and a runner offers. */
export function interfaceWarnings(manifest: Manifest, component: ComponentInterface): InspectionWarning[] {
  return [
    ...capabilityWarnings(manifest, component),
    ...strangers(component).map((name) =>
      warning("import_not_linked", `The component imports ${printable(name)}, which no runner offers.`),
    ),
    ...(component.exports.includes(HANDLER_EXPORT)
      ? []
      : [warning("handler_not_exported", "The component does not export handler: no call can be answered.")]),
  ];
}

function capabilityWarnings(manifest: Manifest, component: ComponentInterface): InspectionWarning[] {
  const interfaces = new Set(component.imports.flatMap((name) => worldInterface(name) ?? []));
  const imported = new Set([...interfaces].flatMap((name) => capabilityOf(name) ?? []));
  const requested = new Set<Capability>([...DEFAULT_CAPABILITIES, ...manifest.capabilities]);
  const denied = [...imported].filter((capability) => !requested.has(capability));
  const unused = manifest.capabilities.filter(
    (capability) => !imported.has(capability) && !DEFAULT_CAPABILITIES.includes(capability),
  );
  // Some toolchains import the whole world whatever the handler uses, which then says nothing about use.
  const isWholeWorld = INTERFACE_NAMES.every((name) => interfaces.has(name));
  return [
    ...(denied.length === 0 || isWholeWorld
      ? []
      : [
          warning(
            "capability_not_requested",
            `The component imports what needs ${denied.join(", ")}, which the manifest does not ask for: such calls will be denied.`,
          ),
        ]),
    ...(unused.length === 0
      ? []
      : [
          warning(
            "capability_not_used",
            `The manifest asks for ${unused.join(", ")}, which the component does not import.`,
          ),
        ]),
  ];
}

/** Imports from outside the world and WASI. */
function strangers(component: ComponentInterface): string[] {
  return component.imports.filter((name) => {
    const known = worldInterface(name);
    if (known === undefined) return !name.startsWith(WASI_PACKAGE);
    return known !== TYPES_INTERFACE && capabilityOf(known) === undefined;
  });
}

/** `secrets` of `alga:extension/secrets@1.0.0`; `undefined` for other packages' interfaces. */
function worldInterface(name: string): string | undefined {
  return name.startsWith(WORLD_PACKAGE) ? name.slice(WORLD_PACKAGE.length).replace(/@.*$/, "") : undefined;
}

function capabilityOf(interfaceName: string): Capability | undefined {
  return isInterfaceName(interfaceName) ? INTERFACE_CAPABILITIES[interfaceName] : undefined;
}

function warning(code: InspectionWarningCode, message: string): InspectionWarning {
  return { code, message, file: COMPONENT_FILE };
}
