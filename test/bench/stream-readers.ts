import { once } from "node:events";
import { get } from "node:http";

// Readers in a process of their own: take all that comes, and say what it was when each has seen the last line.
const [url = "", count = "0", last = ""] = process.argv.slice(2);
const readers = Array.from({ length: Number(count) }, async () => {
  const request = get(url);
  const [response] = await once(request, "response");
  let tail = "";
  let bytes = 0;
  let gaps = 0;
  for await (const chunk of response) {
    if (bytes === 0) process.stdout.write("open\n");
    bytes += chunk.length;
    if (chunk.includes("event: gap")) gaps += 1;
    tail = tail.slice(-200) + chunk.toString("latin1", Math.max(0, chunk.length - 1_000));
    if (tail.includes(last)) break;
  }
  request.destroy();
  return { bytes, gaps };
});
const done = await Promise.all(readers);
process.stdout.write(
  `done ${JSON.stringify({ bytes: done[0]?.bytes, gaps: done.reduce((sum, { gaps }) => sum + gaps, 0) })}\n`,
);
