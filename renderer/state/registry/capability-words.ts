import type { Capability } from "../../../core/contract/capability.ts";

interface Consent {
  /** What the extension may do once granted, in words that need no manual. */
  readonly sentence: string;
  /** `high`: leaves the sandbox, spends, or touches other people's data. */
  readonly weight: "low" | "high";
}

const CONSENT: Readonly<Record<Capability, Consent>> = {
  "cap:context.read": {
    sentence: "Know for which tenant and install it runs, and read its own settings.",
    weight: "low",
  },
  "cap:log.emit": { sentence: "Write lines to this workbench's log.", weight: "low" },
  "cap:user.read": {
    sentence: "See who calls it: name, e-mail address, role and, for client users, their company.",
    weight: "low",
  },
  "cap:secrets.get": {
    sentence: "Read the secrets that you give to this install, and no others.",
    weight: "high",
  },
  "cap:http.fetch": {
    sentence: "Send requests to the hosts on its egress list, and receive what they answer.",
    weight: "high",
  },
  "cap:storage.kv": {
    sentence: "Keep data of its own here, which goes when it is uninstalled.",
    weight: "low",
  },
  "cap:ui.proxy": {
    sentence: "Call the platform's own routes in the name of the user who is looking at its page.",
    weight: "high",
  },
  "cap:scheduler.manage": {
    sentence: "Run by itself on a schedule, at least five minutes apart, without anybody calling it.",
    weight: "high",
  },
  "cap:invoice.manual.create": { sentence: "Create draft invoices for your clients.", weight: "high" },
  "cap:client.read": {
    sentence: "Read your list of clients: names, contacts and billing e-mail addresses.",
    weight: "high",
  },
  "cap:service.read": {
    sentence: "Read your list of services and products with their rates.",
    weight: "low",
  },
  "cap:metrics.emit": {
    sentence: "Count and measure things of its own, shown with its figures.",
    weight: "low",
  },
};

export function consentOf(capability: Capability): Consent {
  return CONSENT[capability];
}
