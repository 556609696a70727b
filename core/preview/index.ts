export type { PreviewErrorCode } from "./errors.ts";
export {
  createPreviews,
  type OpenPreview,
  type PreviewPorts,
  type Previews,
  type ProxyCall,
  SESSION_MS,
} from "./previews.ts";
