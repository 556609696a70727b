/** Whether a bundle has something that answers calls. Unknown (NULL) for bundles of before: those are asked. */
export const bundleComponentSchema = `
ALTER TABLE extension_bundle ADD COLUMN has_component INTEGER;
`;
