import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { count, table } from "../text.ts";

export const registerEgress: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("egress")
    .description("show where an install may send requests, and where it wanted to and was refused")
    .argument("<extension>", "name, registry id or install id")
    .option("--tenant <id>", "tenant (default: the development tenant)")
    .option("--forget", "forget what was refused so far")
    .addHelpText(
      "after",
      "\nThe list is changed with workbench update EXT --egress HOST…\n\nExample:\n  workbench egress com.acme.hello",
    );
  withCommonOptions(command).action(
    async (extension: string, options: { tenant?: string; forget?: boolean }) => {
      const context = contextOf(command);
      await context.withWorkbench(async (workbench) => {
        const { registry, refusedEgress, environment } = workbench;
        const tenantId = workbench.tenantId(options.tenant);
        const { install_id, egress_allowlist } = registry.getInstall({ ref: extension, tenantId });
        if (options.forget === true) {
          const forgotten = refusedEgress.forget(install_id);
          context.answer.result(
            { install_id, forgotten },
            () => `Forgot ${count(forgotten)} refused targets`,
          );
          return;
        }
        const everywhere = environment.EXT_EGRESS_ALLOWLIST;
        const refused = refusedEgress.list(install_id);
        context.answer.result(
          { install_id, allowed: egress_allowlist, allowed_everywhere: everywhere, refused },
          () =>
            [
              `allowed      ${egress_allowlist.join(", ") || "none"}`,
              `to everyone  ${everywhere.join(", ") || "none"}  (EXT_EGRESS_ALLOWLIST)`,
              "",
              "Refused",
              table(
                ["host", "port", "rule", "times", "last", "execution"],
                refused.map((target) => [
                  target.host || "-",
                  target.port === 0 ? "-" : String(target.port),
                  target.rule,
                  count(target.count),
                  target.last_at,
                  target.last_execution_id,
                ]),
              ),
            ].join("\n"),
        );
      });
    },
  );
};
