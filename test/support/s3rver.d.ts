/** The part of the package that tests use; it brings no types of its own. */
declare module "@20minutes/s3rver" {
  import type { RequestListener } from "node:http";
  // biome-ignore lint/style/noDefaultExport: the package exports it so.
  export default class S3rver {
    constructor(options: {
      directory: string;
      silent: boolean;
      configureBuckets: { name: string }[];
    });
    configureBuckets(): Promise<void>;
    callback(): RequestListener;
  }
}
