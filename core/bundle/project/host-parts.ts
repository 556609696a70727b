/** A part of the runtime package's host bindings: the guest module that serves it and the words that ask for it. */
interface HostPart {
  readonly name: string;
  readonly module: string;
  readonly mention: RegExp;
}

/**
 * `request.http` is in every handler, so that the host's `http` is known by its one function; the same holds for
 * `user`.
 */
const HOST_PARTS: readonly HostPart[] = [
  { name: "context", module: "context.ts", mention: /\bcontext\b/ },
  { name: "secrets", module: "secrets.ts", mention: /\bsecrets\b/ },
  { name: "http", module: "http.ts", mention: /\bfetch\b/ },
  { name: "storage", module: "storage.ts", mention: /\bstorage\b/ },
  { name: "logging", module: "logging.ts", mention: /\blogging\b/ },
  { name: "uiProxy", module: "ui-proxy.ts", mention: /\buiProxy\b/ },
  { name: "scheduler", module: "scheduler.ts", mention: /\bscheduler\b/ },
  { name: "user", module: "user.ts", mention: /\bgetUser\b/ },
];

/**
 * Source text that declares `host`, the second argument of a handler in the runtime's style, with the parts that
 * `code` mentions. A part that it never mentions would only make the component import an interface for nothing.
 */
export function declareHost(code: string, guest: string): string[] {
  const used = HOST_PARTS.filter(({ mention }) => mention.test(code));
  const unused = HOST_PARTS.filter((part) => !used.includes(part));
  return [
    `import { absent } from "${guest}bindings/absent.ts";`,
    ...used.map(({ name, module }) => `import { ${name} } from "${guest}bindings/${module}";`),
    `const host = { ${[
      ...used.map(({ name }) => name),
      ...unused.map(({ name }) => `${name}: absent("${name}")`),
    ].join(", ")} };`,
  ];
}
