import { z } from "zod";

/** Where a host listens and the token that opens its window and control API. */
export const hostAddressSchema = z.object({
  /** Origin without a trailing slash. */
  url: z.url({ protocol: /^https?$/ }),
  token: z.string().min(1),
});
export type HostAddress = z.infer<typeof hostAddressSchema>;
