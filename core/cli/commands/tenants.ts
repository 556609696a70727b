import { Argument } from "commander";
import type { Tenant } from "../../contract/install.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { table } from "../text.ts";

export const registerTenants: RegisterCommand = (program, contextOf) => {
  const group = withCommonOptions(program.command("tenants"))
    .description("tenants of this home, and whether one runs unsigned bundles")
    .addHelpText("after", "\nExample:\n  workbench tenants list");
  registerList(group, contextOf);
  registerCreate(group, contextOf);
  registerUnsigned(group, contextOf);
};

const registerList: RegisterCommand = (group, contextOf) => {
  const list = group
    .command("list")
    .description("list tenants with their personas")
    .addHelpText("after", "\nExample:\n  workbench tenants list");
  withCommonOptions(list).action(async () => {
    const context = contextOf(list);
    await context.withWorkbench(async ({ tenants }) => {
      const found = tenants.list().map((tenant) => ({
        ...documentOf(tenant),
        personas: tenants.personas
          .list(tenant.id)
          .map(({ id, name, user }) => ({ id, name, user_type: user.user_type })),
      }));
      context.answer.result({ tenants: found }, () =>
        table(
          ["tenant", "name", "kind", "unsigned bundles", "personas"],
          found.map(({ tenant_id, name, is_development, unsigned_policy, personas }) => [
            tenant_id,
            name,
            is_development ? "development" : "",
            unsigned_policy === "allow" ? "accepted" : "refused",
            personas.map((persona) => `${persona.name} (${persona.id})`).join(", "),
          ]),
        ),
      );
    });
  });
};

const registerCreate: RegisterCommand = (group, contextOf) => {
  const create = group
    .command("create")
    .description("make a further tenant with two internal personas")
    .argument("<name>", "1 to 100 characters")
    .option("--development", "a development tenant: it may accept unsigned bundles and keeps whole journals")
    .addHelpText("after", "\nExample:\n  workbench tenants create Staging");
  withCommonOptions(create).action(async (name: string, options: { development?: boolean }) => {
    const context = contextOf(create);
    await context.withWorkbench(async ({ tenants }) => {
      const tenant = tenants.create({ name, isDevelopment: options.development ?? false });
      context.answer.result(
        { ...documentOf(tenant), api_key: tenants.apiKeyOf(tenant.id) },
        () => `Made the tenant ${name}: ${tenant.id}`,
      );
    });
  });
};

const registerUnsigned: RegisterCommand = (group, contextOf) => {
  const unsigned = group
    .command("unsigned")
    .description("accept or refuse bundles without a signature; development tenants only")
    .addArgument(new Argument("<policy>", "allow or refuse").choices(["allow", "refuse"]))
    .option("--tenant <id>", "tenant (default: the development tenant)")
    .addHelpText("after", "\nExample:\n  workbench tenants unsigned refuse");
  withCommonOptions(unsigned).action(
    async (policy: Tenant["unsigned_policy"], options: { tenant?: string }) => {
      const context = contextOf(unsigned);
      await context.withWorkbench(async ({ tenants, tenantId }) => {
        const tenant = tenants.setUnsignedPolicy(tenantId(options.tenant), policy);
        context.answer.result(documentOf(tenant), () =>
          policy === "allow"
            ? `Note: ${tenant.name} accepts unsigned bundles from now on.`
            : `${tenant.name} refuses unsigned bundles.`,
        );
      });
    },
  );
};

function documentOf({ id, name, is_development, unsigned_policy }: Tenant) {
  return { tenant_id: id, name, is_development, unsigned_policy };
}
