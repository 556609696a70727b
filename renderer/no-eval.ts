import { z } from "zod";

// The page's policy forbids code from strings, which the schema library would otherwise try for speed. It decides
// when a schema is made, so this module comes before every other one.
z.config({ jitless: true });
