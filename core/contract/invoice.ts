import { z } from "zod";

const invoiceLineSchema = z.object({
  service_id: z.string(),
  service_name: z.string().optional(),
  description: z.string(),
  quantity: z.number(),
  rate: z.number(),
  discount: z.enum(["percentage", "fixed"]).optional(),
  /** Place of the line or id of the service that a discount applies to; absent: all. */
  applies_to: z.string().optional(),
  /** In whole units of the currency; negative for a discount. */
  amount: z.number(),
});

/** A manual invoice that an extension has made, as it is kept and shown. Amounts are in whole units of the currency. */
export const invoiceSchema = z.object({
  invoice_id: z.string(),
  invoice_number: z.string(),
  status: z.literal("draft"),
  tenant_id: z.string(),
  client_id: z.string(),
  client_name: z.string(),
  currency_code: z.string(),
  /** Days, such as `2026-01-31`. */
  invoice_date: z.string(),
  due_date: z.string().optional(),
  po_number: z.string().optional(),
  lines: z.array(invoiceLineSchema).readonly(),
  subtotal: z.number(),
  tax_rate_percent: z.number(),
  tax: z.number(),
  total: z.number(),
  /** Who made it. */
  install_id: z.string(),
  request_id: z.string(),
  created_at: z.string(),
});
export type Invoice = z.infer<typeof invoiceSchema>;
