import { resolve } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../contract/errors.ts";
import { DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS } from "../contract/limits.ts";
import { defaultHome } from "./paths.ts";
import { parseS3Location } from "./s3-location.ts";

export class EnvironmentError extends WorkbenchError<"environment_invalid"> {}

const port = z.coerce.number({ error: "expected a port from 0 to 65535" }).int().min(0).max(65_535);
const httpOrigin = z
  .url({ protocol: /^https?$/, error: "expected an http or https URL" })
  .transform((text) => text.replace(/\/+$/, ""));
const hostList = z.string().transform((text) =>
  text
    .split(",")
    .map((host) => host.trim())
    .filter((host) => host !== ""),
);

const variables = z.object({
  RUNNER_BASE_URL: httpOrigin.optional(),
  RUNNER_PUBLIC_BASE: httpOrigin.optional(),
  RUNNER_SERVICE_TOKEN: z.string().min(16, "expected at least 16 characters").optional(),
  EXT_GATEWAY_TIMEOUT_MS: z.coerce
    .number({ error: "expected milliseconds" })
    .int()
    .min(1)
    .max(MAX_TIMEOUT_MS)
    .default(DEFAULT_TIMEOUT_MS),
  SIGNING_TRUST_BUNDLE: z.string().optional(),
  EXT_EGRESS_ALLOWLIST: hostList.default([]),
  BUNDLE_STORE: z
    .string()
    .regex(/^(file:|s3:\/\/)/, "expected a file: path or s3://bucket/prefix")
    .superRefine((text, context) => {
      const location = text.startsWith("s3:") ? parseS3Location(text) : undefined;
      if (typeof location === "string") context.addIssue({ code: "custom", message: location });
    })
    .optional(),
  // The AWS SDK's own names. They matter only where BUNDLE_STORE names a bucket, and other tools set them too.
  AWS_ENDPOINT_URL: z.string().optional(),
  AWS_ENDPOINT_URL_S3: z.string().optional(),
  AWS_REGION: z.string().optional(),
  AWS_DEFAULT_REGION: z.string().optional(),
  WORKBENCH_HOME: z.string().optional(),
  WORKBENCH_PORT: port.default(0),
  WORKBENCH_RUNNER_PORT: port.default(0),
  WORKBENCH_RUNNER_ISOLATION: z.enum(["restore", "strict"]).default("restore"),
  WORKBENCH_LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("warn"),
  WORKBENCH_PASSPHRASE: z.string().min(8, "expected at least 8 characters").optional(),
});

/** The environment's settings, validated. An empty variable counts as unset. */
export type Environment = Omit<z.infer<typeof variables>, "WORKBENCH_HOME"> & {
  readonly home: string;
  /** Variables that are set, as they may be shown: a secret's value is `(set)`. */
  readonly given: Readonly<Record<string, string>>;
};

/** Names that `doctor` and Settings list. */
export const ENVIRONMENT_VARIABLES = Object.keys(variables.shape);

/** Variables whose values are never shown. */
export const SECRET_VARIABLES: ReadonlySet<string> = new Set([
  "RUNNER_SERVICE_TOKEN",
  "WORKBENCH_PASSPHRASE",
]);

/**
 * The one place that reads environment variables.
 * @throws EnvironmentError naming every bad variable and what was expected; never its value, which may be a secret.
 */
export function readEnvironment(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  overrides: { home?: string | undefined; port?: number | undefined; runnerPort?: number | undefined } = {},
): Environment {
  const given = Object.fromEntries(
    ENVIRONMENT_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new EnvironmentError({
      code: "environment_invalid",
      kind: "environment",
      message: `The environment has bad values. ${problems.join("; ")}.`,
      details: { problems },
      hint: "Correct or unset the named variables.",
    });
  }
  const { WORKBENCH_HOME, ...values } = parsed.data;
  return {
    ...values,
    given: Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        SECRET_VARIABLES.has(name) ? "(set)" : (value ?? ""),
      ]),
    ),
    home: resolve(overrides.home ?? WORKBENCH_HOME ?? defaultHome(platform, env)),
    WORKBENCH_PORT: overrides.port ?? values.WORKBENCH_PORT,
    WORKBENCH_RUNNER_PORT: overrides.runnerPort ?? values.WORKBENCH_RUNNER_PORT,
  };
}
