import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { dataOf } from "../data-option.ts";
import { headerOf } from "../header-option.ts";
import { collect } from "../options.ts";
import { UsageError } from "../terminal.ts";
import { bytes, count, milliseconds, oneLine } from "../text.ts";

interface InvokeOptions {
  data?: string;
  header?: string[];
  tenant?: string;
  persona?: string;
  trace?: boolean;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

export const registerInvoke: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("invoke")
    .description("call an installed extension through the gateway and its runner")
    .argument("<extension>", "name, registry id or install id")
    .argument("<method>", METHODS.join(", "))
    .argument("<path>", "path with its query, such as /items?limit=5")
    .option("--data <body>", "request body (@FILE reads a file, @- standard input)")
    .option("--header <name: value>", "request header (repeatable)", collect)
    .option("--tenant <id>", "tenant (default: the development tenant)")
    .option("--persona <id>", "who calls (default: the tenant's first persona)")
    .option("--trace", "show every decision that was taken")
    .addHelpText(
      "after",
      "\nExits 0 whenever the gateway answered, whatever the status.\n\nExample:\n  workbench invoke com.acme.hello POST /items --data '{\"name\":\"x\"}' --header 'content-type: application/json' --trace",
    );
  withCommonOptions(command).action(
    async (extension: string, method: string, path: string, options: InvokeOptions) => {
      const context = contextOf(command);
      const verb = method.toUpperCase();
      if (!METHODS.includes(verb))
        throw new UsageError(
          `"${method}" is not a method of the gateway.`,
          `Use one of ${METHODS.join(", ")}.`,
        );
      if (!path.startsWith("/")) throw new UsageError(`The path "${path}" does not start with a slash.`);
      const headers = (options.header ?? []).map(headerOf);
      const body = options.data === undefined ? undefined : await dataOf(context, options.data);
      await context.withWorkbench(async (workbench) => {
        await workbench.runner.start();
        const outcome = await workbench.call({
          tenantId: workbench.tenantId(options.tenant),
          personaId: options.persona,
          ref: extension,
          method: verb,
          path,
          headers,
          body,
          signal: context.terminal.interrupted,
        });
        const text = utf8(outcome.body);
        const document = {
          status: outcome.status,
          headers: Object.fromEntries(outcome.headers.map(({ name, value }) => [name, value])),
          ...(text === undefined ? {} : { body: text }),
          body_b64: Buffer.from(outcome.body).toString("base64"),
          request_id: outcome.request_id,
          usage: outcome.usage,
          ...(outcome.error ? { error: outcome.error } : {}),
          ...(options.trace ? { trace: outcome.trace } : {}),
        };
        context.answer.result(document, () =>
          [
            `${outcome.status}  ${outcome.request_id}`,
            text ?? `(${outcome.body.length} bytes that are not text)`,
            "",
            `${milliseconds(outcome.usage.duration_ms)} · fuel ${count(outcome.usage.fuel)} · memory ${bytes(outcome.usage.memory_bytes)} · host calls ${outcome.usage.host_calls} · egress ${bytes(outcome.usage.egress_bytes)}`,
            ...(options.trace
              ? [
                  "",
                  ...outcome.trace.map(
                    (step) =>
                      `${step.outcome === "allow" ? "✓" : "✗"} ${step.rule}  ${oneLine(step.detail)}  [${step.source}]`,
                  ),
                ]
              : []),
          ].join("\n"),
        );
      });
    },
  );
};

/** The body as text, or `undefined` when its bytes are not UTF-8. */
function utf8(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}
