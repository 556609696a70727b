import { z } from "zod";

/** Numbers may be anything that an f64 holds: what makes sense is for the interface to say, field by field. */
const f64 = z.custom<number>((value) => typeof value === "number");

const manualInvoiceItemSchema = z.object({
  serviceId: z.string(),
  quantity: f64,
  description: z.string(),
  rate: f64,
  isDiscount: z.boolean().optional(),
  discountType: z.enum(["percentage", "fixed"]).optional(),
  appliesToItemId: z.string().optional(),
  appliesToServiceId: z.string().optional(),
});
export type ManualInvoiceItem = z.infer<typeof manualInvoiceItemSchema>;

const manualInvoiceSchema = z.object({
  clientId: z.string(),
  items: z.array(manualInvoiceItemSchema),
  invoiceDate: z.string().optional(),
  dueDate: z.string().optional(),
  poNumber: z.string().optional(),
});
export type ManualInvoice = z.infer<typeof manualInvoiceSchema>;

/** Calls of the interface `invoicing`. */
export const invoicingCalls = { "invoicing.create_manual": manualInvoiceSchema } as const;
