/**
 * Readers in a process of their own: `node stream-readers.ts URL COUNT LAST [stall]`. The first reads every word of what
 * comes (order, ids, what gaps announce), the others count bytes and look at the last id of each piece: their bytes are
 * the first one's if their number and their checksum are. With `stall` the first takes nothing until the others have all.
 *
 * Says `open` for each reader, `at ID` as the slowest comes on, and `done {…}` when each has come to the line LAST.
 */
import { get, type IncomingMessage } from "node:http";
import { crc32 } from "node:zlib";

const [url = "", count = "0", last = "0", stall] = process.argv.slice(2);
const LAST = Number(last);
/** Lines between two words about how far the slowest is. */
const STEP = 1_000;
const ID = "\nid: ";
/** Longer than any event of the bench: the last id of a piece is in its end, or the piece holds none. */
const TAIL_BYTES = 1_024;

interface Reader {
  at: number;
  bytes: number;
  checksum: number;
}

interface Checked {
  lines: number;
  missed: number;
  gaps: number;
  wrong: number;
}

const readers: Reader[] = [];
const checked: Checked = { lines: 0, missed: 0, gaps: 0, wrong: 0 };
const everyOther = Promise.withResolvers<void>();
let said = 0;

await Promise.all(Array.from({ length: Number(count) }, (_, index) => follow(index === 0)));
const [first] = readers;
const same = readers.filter((each) => each.bytes === first?.bytes && each.checksum === first.checksum).length;
process.stdout.write(`done ${JSON.stringify({ ...checked, bytes: first?.bytes, same })}\n`);

async function follow(isChecked: boolean): Promise<void> {
  const request = get(url, { agent: false });
  const response = await new Promise<IncomingMessage>((resolve) => request.once("response", resolve));
  const reader: Reader = { at: 0, bytes: 0, checksum: 0 };
  readers.push(reader);
  const check = isChecked ? createCheck(reader) : undefined;
  const isStalled = isChecked && stall !== undefined;
  await new Promise<void>((resolve) => {
    response.on("data", (piece: Buffer) => {
      if (reader.bytes === 0) {
        process.stdout.write("open\n");
        if (isStalled) {
          response.pause();
          void everyOther.promise.then(() => response.resume());
        }
      }
      reader.bytes += piece.length;
      reader.checksum = crc32(piece, reader.checksum);
      if (check === undefined) reader.at = lastIdOf(piece) ?? reader.at;
      else check(piece);
      tell();
      if (reader.at >= LAST) resolve();
    });
  });
  if (readers.every((each) => each.at >= LAST || (stall !== undefined && each === readers[0])))
    everyOther.resolve();
  request.destroy();
}

function tell(): void {
  const moving = stall === undefined ? readers : readers.slice(1);
  const slowest = Math.min(...moving.map(({ at }) => at));
  if (slowest === said || (slowest < said + STEP && slowest < LAST)) return;
  said = slowest;
  process.stdout.write(`at ${slowest}\n`);
}

function lastIdOf(piece: Buffer): number | undefined {
  const tail = piece.toString("latin1", Math.max(0, piece.length - TAIL_BYTES));
  const place = tail.lastIndexOf(ID);
  const [, id] = /^(\d+)\./.exec(tail.slice(place + ID.length, place + ID.length + 16)) ?? [];
  return place < 0 || id === undefined ? undefined : Number(id);
}

/** Every line must be the next, with the words that the writer gave it, or within what a gap announced. */
function createCheck(reader: Reader): (piece: Buffer) => void {
  let rest = "";
  return (piece) => {
    const frames = (rest + piece.toString("utf8")).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      if (frame.startsWith(":")) continue;
      const [, id = "", event, data = ""] =
        /^id: (\d+)\.\d+\n(?:event: (\w+)\n)?data: (.*)$/.exec(frame) ?? [];
      const value: unknown = JSON.parse(data);
      if (event === "gap") {
        checked.gaps += 1;
        checked.missed += numberOf(value, "missed");
        if (checked.lines + checked.missed !== Number(id)) checked.wrong += 1;
      } else {
        checked.lines += 1;
        if (Number(id) !== reader.at + 1 || numberOf(value, "id") !== Number(id)) checked.wrong += 1;
        if (!frame.includes(`"message":"line ${Number(id) - 1} of`)) checked.wrong += 1;
      }
      reader.at = Number(id);
    }
  };
}

function numberOf(value: unknown, name: string): number {
  return typeof value === "object" && value !== null ? Number(Reflect.get(value, name)) : Number.NaN;
}
