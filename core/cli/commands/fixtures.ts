import { WorkbenchError } from "../../contract/errors.ts";
import { MAX_FIXTURE_BYTES } from "../../contract/fixtures.ts";
import type { Invoice } from "../../contract/invoice.ts";
import { fixtureText, readFixtureDocument } from "../../wiring/fixture-document.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { readFile } from "../files.ts";
import { parsePositive } from "../options.ts";
import { oneLine, table } from "../text.ts";

interface TenantOption {
  tenant?: string;
}

const TENANT = ["--tenant <id>", "tenant (default: the development tenant)"] as const;

export const registerFixtures: RegisterCommand = (program, contextOf) => {
  const group = withCommonOptions(program.command("fixtures"))
    .description("the business data that host functions answer from: clients, services, tax, platform routes")
    .addHelpText("after", "\nExample:\n  workbench fixtures show > fixtures.json");

  const show = group
    .command("show")
    .description("print a tenant's fixtures as one JSON document")
    .option(...TENANT)
    .addHelpText("after", "\nExample:\n  workbench fixtures show > fixtures.json");
  withCommonOptions(show).action(async (options: TenantOption) => {
    const context = contextOf(show);
    await context.withWorkbench(async (workbench) => {
      const document = workbench.tenants.fixtures.get(workbench.tenantId(options.tenant));
      context.answer.result(document, () => fixtureText(document).trimEnd());
    });
  });

  const set = group
    .command("set")
    .description("replace a tenant's fixtures; every problem is named with its line and column")
    .argument("<file>", "JSON document; its schema is resources/schemas/fixtures.schema.json")
    .option(...TENANT)
    .addHelpText("after", "\nExample:\n  workbench fixtures set fixtures.json");
  withCommonOptions(set).action(async (file: string, options: TenantOption) => {
    const context = contextOf(set);
    const text = (await readFile(context.path(file), MAX_FIXTURE_BYTES)).toString("utf8");
    const { value, problems } = readFixtureDocument(text, file);
    if (value === undefined) {
      throw new WorkbenchError({
        code: "fixture_invalid",
        message: `${file} is not usable as fixtures.`,
        details: {
          problems: context.answer.json
            ? problems
            : problems.map(
                ({ line, column, path, message }) => `${file}:${line}:${column} ${path} ${message}`,
              ),
        },
        hint: "Mend the file; its schema is resources/schemas/fixtures.schema.json.",
      });
    }
    await context.withWorkbench(async (workbench) => {
      const tenantId = workbench.tenantId(options.tenant);
      const { clients, services, routes, tax_rate_percent } = workbench.tenants.fixtures.set(tenantId, value);
      context.answer.result(
        {
          tenant_id: tenantId,
          clients: clients.length,
          services: services.length,
          routes: routes.length,
          tax_rate_percent,
        },
        () =>
          `${clients.length} clients, ${services.length} services, ${routes.length} routes, tax ${tax_rate_percent} %`,
      );
    });
  });

  const reset = group
    .command("reset")
    .description("go back to the sample's fixtures; invoices stay")
    .option(...TENANT)
    .addHelpText("after", "\nExample:\n  workbench fixtures reset");
  withCommonOptions(reset).action(async (options: TenantOption) => {
    const context = contextOf(reset);
    await context.withWorkbench(async (workbench) => {
      const tenantId = workbench.tenantId(options.tenant);
      workbench.tenants.fixtures.reset(tenantId);
      context.answer.result({ tenant_id: tenantId }, () => "The fixtures are the sample's again.");
    });
  });
};

export const registerInvoices: RegisterCommand = (program, contextOf) => {
  const group = withCommonOptions(program.command("invoices"))
    .description("invoices that extensions have made")
    .addHelpText("after", "\nExample:\n  workbench invoices list");

  const list = group
    .command("list")
    .description("list invoices with their lines, newest first")
    .option(...TENANT)
    .option("--limit <n>", "how many", parsePositive, 50)
    .addHelpText("after", "\nExample:\n  workbench invoices list --json");
  withCommonOptions(list).action(async (options: TenantOption & { limit: number }) => {
    const context = contextOf(list);
    await context.withWorkbench(async (workbench) => {
      const items = workbench.hostApi.invoices.list(workbench.tenantId(options.tenant), options.limit);
      context.answer.result({ items }, () =>
        items.length === 0
          ? "No invoices yet. They appear when an extension calls invoicing.create-manual-invoice."
          : items.map(invoiceText).join("\n\n"),
      );
    });
  });

  const clear = group
    .command("clear")
    .description("forget all invoices; their numbers begin again")
    .option(...TENANT)
    .addHelpText("after", "\nExample:\n  workbench invoices clear");
  withCommonOptions(clear).action(async (options: TenantOption) => {
    const context = contextOf(clear);
    await context.withWorkbench(async (workbench) => {
      const removed = workbench.hostApi.invoices.clear(workbench.tenantId(options.tenant));
      context.answer.result({ removed }, () => `${removed} invoices removed`);
    });
  });
};

function invoiceText(invoice: Invoice): string {
  const { invoice_number, client_name, currency_code, invoice_date, due_date } = invoice;
  const due = due_date === undefined ? "" : `, due ${due_date}`;
  const money = (value: number) => `${value} ${currency_code}`;
  return [
    `${invoice_number}  ${oneLine(client_name)}  ${invoice_date}${due}  ${money(invoice.total)}`,
    table(
      ["quantity", "rate", "amount", "description"],
      invoice.lines.map((line) => [
        String(line.quantity),
        line.discount === "percentage" ? `${line.rate} %` : String(line.rate),
        String(line.amount),
        line.description,
      ]),
    ),
    `subtotal ${money(invoice.subtotal)}, tax ${invoice.tax_rate_percent} % ${money(invoice.tax)}`,
  ].join("\n");
}

export const registerMetrics: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("metrics")
    .description("what extensions have recorded with metrics.record")
    .argument("[extension]", "only this extension (name, registry id or install id)")
    .option(...TENANT)
    .addHelpText("after", "\nExample:\n  workbench metrics com.acme.hello");
  withCommonOptions(command).action(async (extension: string | undefined, options: TenantOption) => {
    const context = contextOf(command);
    await context.withWorkbench(async (workbench) => {
      const tenantId = workbench.tenantId(options.tenant);
      const installId =
        extension === undefined
          ? undefined
          : workbench.registry.getInstall({ ref: extension, tenantId }).install_id;
      const items = workbench.hostApi.metrics.list({ tenantId, installId });
      context.answer.result({ items }, () =>
        items.length === 0
          ? "No metrics yet. They appear when an extension calls metrics.record."
          : table(
              ["extension", "metric", "kind", "labels", "value", "samples", "least", "most"],
              items.map((metric) => [
                metric.extension_name,
                metric.name,
                metric.kind,
                Object.entries(metric.labels)
                  .map(([label, value]) => `${label}=${value}`)
                  .join(" "),
                String(metric.value),
                String(metric.samples),
                String(metric.minimum),
                String(metric.maximum),
              ]),
            ),
      );
    });
  });
};
